//! Whether the page stays smooth with 64 tracks: its frames while it plays, scrolls and zooms through an hour, its longest task, and what its
//! heap gains in a minute of playing.

use serde_json::Value;
use tests::crowd::Crowd;
use tests::page::Page;

use crate::figure::Figure;
use crate::on_page;
use crate::playing::open;

const RATE_HZ: u32 = 44_100;
const TRACKS: usize = 64;
const MINUTES: u32 = 60;
/// Rounds of ten seconds in which the heap is looked at; between two of its collections it only grows, so the least of a half counts.
const HEAP_ROUNDS: usize = 6;

/// Gathers the times between frames and the longest task for ten seconds, while EACH is done before every frame.
const WATCH: &str = "let longest = 0;
    const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) => { longest = Math.max(longest, entry.duration); }));
    observer.observe({ entryTypes: ['longtask'] });
    const gaps = [];
    const start = performance.now();
    let heap = Infinity;
    await new Promise((resolve) => {
        let last = start;
        let turn = 0;
        const step = (now) => {
            if (now > last) gaps.push(now - last);
            last = now;
            heap = Math.min(heap, performance.memory?.usedJSHeapSize ?? 0);
            if (now - start > 10000) return resolve();
            EACH; turn += 1;
            requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
    });
    observer.disconnect();
    return { gaps, longest, heap };";
/// Wheels over the tracks: sideways through the song, then in and out at the pointer, then down and up through the tracks.
const WHEEL: &str = "const lanes = document.querySelector('.tl-lanes'), box = lanes.getBoundingClientRect();
    const part = Math.floor(turn / 60) % 4, back = Math.floor(turn / 30) % 2 ? -1 : 1;
    const wheel = (init) => lanes.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: box.x + box.width / 2, clientY: box.y + 9, ...init }));
    if (part === 0) wheel({ deltaX: 40 * back }); else if (part === 1) wheel({ deltaY: -60 * back, ctrlKey: true });
    else if (part === 2) wheel({ deltaY: 25 * back }); else wheel({ deltaX: 400 * back });";

struct Watched {
    gaps: Vec<f64>,
    longest_ms: f64,
    heap_mb: f64,
}

async fn watch(page: &Page, each: &str) -> Watched {
    // The page's policy runs no text as code, so what is done is part of the script.
    let seen = page.async_script(&WATCH.replace("EACH", each), &[]).await;
    let mut gaps: Vec<f64> = seen["gaps"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    gaps.sort_by(f64::total_cmp);
    Watched { gaps, longest_ms: seen["longest"].as_f64().unwrap_or(f64::NAN), heap_mb: seen["heap"].as_f64().unwrap_or(f64::NAN) / 1e6 }
}

impl Watched {
    fn figures(&self, what: &str) -> [Figure; 3] {
        let at = |part: f64| self.gaps.get(((self.gaps.len() - 1) as f64 * part) as usize).copied().unwrap_or(f64::NAN);
        [
            Figure::new(format!("Between two frames, {what}, median"), "ms", [at(0.5)], "at most 16.7"),
            Figure::new(format!("Between two frames, {what}, 99th percentile"), "ms", [at(0.99)], "at most 33"),
            Figure::new(format!("Longest task, {what}"), "ms", [self.longest_ms], "under 100"),
        ]
    }
}

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    on_page(async |page, _| {
        open(page, Crowd { rate_hz: RATE_HZ, tracks: TRACKS, seconds: 60 * MINUTES, chain: &["compressor"] }).await;
        page.click(&[("button", "Play")]).await;
        let playing = watch(page, "").await;
        let mut figures = Vec::from(playing.figures("64 tracks playing"));
        figures.extend(watch(page, WHEEL).await.figures("64 tracks playing, scrolled and zoomed"));
        let mut heaps = Vec::new();
        for _ in 0..HEAP_ROUNDS {
            heaps.push(watch(page, "").await.heap_mb);
        }
        let least = |part: &[f64]| part.iter().copied().fold(f64::INFINITY, f64::min);
        let (early, late) = heaps.split_at(HEAP_ROUNDS / 2);
        figures.push(Figure::new("Growth of the page's heap in half a minute of playing", "MB", [least(late) - least(early)], "0"));
        figures
    })
}
