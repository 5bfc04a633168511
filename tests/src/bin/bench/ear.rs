//! From the hand to the ear: a probe at the context's destination hears when a jump, a fader, a moved clip or a start arrives there; the
//! browser's own latency, which it states, comes on top.

use serde_json::{Value, json};
use session::Edit;
use session::model::Target;
use tests::crowd::Crowd;
use tests::page::Page;

use crate::figure::Figure;
use crate::loading::numbers;
use crate::on_page;
use crate::playing::open;

const RATE_HZ: u32 = 48_000;
const TRIALS: usize = 15;
/// The only clip; after it the song is silent.
const CLIP_SECONDS: u64 = 3;

/// A probe beside the destination, in front of everything that is made later.
const PROBE: &str = "
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (...to) {
      if (this instanceof AudioWorkletNode) {
        const probe = new AnalyserNode(this.context, { fftSize: 32 });
        connect.call(this, probe);
        window.probe = probe;
      }
      return connect.apply(this, to);
    };";

/// Does something and waits until it is heard or silent, looking as often as the page may.
const REACTION: &str = "
    const wanted = arguments[0];
    const samples = new Float32Array(window.probe.fftSize);
    const channel = new MessageChannel();
    const turn = () => new Promise((resolve) => { channel.port1.onmessage = resolve; channel.port2.postMessage(0); });
    const sounds = () => { window.probe.getFloatTimeDomainData(samples); return samples.some((sample) => Math.abs(sample) > 1e-4); };
    const until = async (state) => {
      for (const start = performance.now(); sounds() !== state;) {
        if (performance.now() - start > 20000) throw new Error('nothing happens');
        await turn();
      }
    };
    await until(!wanted);
    const start = performance.now();
    act();
    await until(wanted);
    return performance.now() - start;";

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    on_page(async |page, _| {
        page.script(PROBE, &[]).await;
        let crowd = Crowd { rate_hz: RATE_HZ, tracks: 1, seconds: 10, chain: &[] };
        let (session, song, _) = crowd.make();
        let strip = session.song(song).map(|song| song.strips[0].clone()).unwrap_or_else(|| panic!("the song is gone"));
        open(page, crowd).await;
        let volume = |value: f32| edit(&Edit::SetValue { song, strip: strip.id, target: Target::Strip("volume".into()), value });
        let clip = |start: u64| {
            let mut clip = strip.clips[0].clone();
            clip.start = start;
            clip.length = CLIP_SECONDS * u64::from(RATE_HZ);
            edit(&Edit::SetClip { song, strip: strip.id, clip })
        };
        let away = clip(1000 * u64::from(RATE_HZ));
        let press = |name: &str| format!("document.querySelector('button[aria-label=\"{name}\"]').click()");
        let mut starts = Vec::new();
        for _ in 0..TRIALS {
            starts.push(reaction(page, &press("Play"), true).await);
            reaction(page, &press("Stop"), false).await;
        }
        page.script(&clip(0), &[]).await;
        page.script(&press("Play"), &[]).await;
        let (mut faders, mut clips, mut seeks) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TRIALS {
            // From the silence after the clip back into it.
            seeks.push(reaction(page, &press("Return to start"), true).await);
            faders.push(reaction(page, &volume(-200.0), false).await);
            reaction(page, &volume(-24.0), true).await;
            clips.push(reaction(page, &away, false).await);
            page.script(&clip(0), &[]).await;
        }
        let stated = "const { baseLatency, outputLatency } = window.probe.context; return [1000 * baseLatency, 1000 * outputLatency]";
        let stated: f64 = numbers(&page.script(stated, &[]).await).iter().sum();
        vec![
            Figure::new("From a start to its sound, at the destination", "ms", starts, ""),
            Figure::new("From a jump to its sound, at the destination", "ms", seeks, "100 at the ear"),
            Figure::new("From a fader to its silence, at the destination", "ms", faders, "100 at the ear"),
            Figure::new("From a moved clip to its silence, at the destination", "ms", clips, "100 at the ear"),
            Figure::new("From the destination to the ear, as the browser states it", "ms", [stated], ""),
        ]
    })
}

fn edit(edit: &Edit) -> String {
    let json: Value = serde_json::to_value(edit).unwrap_or_default();
    format!("headroomDiagnostics.edit(JSON.stringify({json}))")
}

async fn reaction(page: &Page, act: &str, wanted: bool) -> f64 {
    // The page's policy evaluates no text, so what is done is part of the script.
    let time = page.async_script(&format!("const act = () => {{ {act} }};{REACTION}"), &[json!(wanted)]).await;
    time.as_f64().unwrap_or_else(|| panic!("{act}: {time}"))
}
