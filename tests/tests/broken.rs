//! Bad input in the page: each file that cannot be read leaves one sentence that names it, one that can be read in part is used and that is
//! said, and after each the session goes on working. Natively every broken file is tried (`app/media/tests/native/broken.rs`); here one of
//! each kind is, beside files that are made on the spot.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;
use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures, noise, sine};
use tests::in_both_browsers;
use tests::inspector::Inspector;
use tests::page::Page;
use tests::places;
use tests::sound::WORK;

/// What becomes of a file, in the words of the material's manifest.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// A track (`ok`, `guard`).
    Track,
    /// A track, and a sentence that says what is missing or was mended (`partial`).
    TrackAndSentence,
    /// A sentence (`reject`).
    Sentence,
    /// One of them (`odd`).
    Any,
}

impl Outcome {
    fn of(expect: &str) -> Self {
        match expect {
            "ok" | "guard" => Self::Track,
            "partial" => Self::TrackAndSentence,
            "reject" => Self::Sentence,
            "odd" => Self::Any,
            other => panic!("the manifest expects {other:?}"),
        }
    }
}

struct Case {
    path: PathBuf,
    outcome: Outcome,
}

/// The first file of each kind, which is a group of the manifest and what it expects of it.
fn one_of_each_kind() -> Vec<Case> {
    let Some(material) = places::material() else {
        println!("HEADROOM_MATERIAL is not set: only files made on the spot are tried.");
        return Vec::new();
    };
    let folder = material.join("broken");
    let manifest = folder.join("manifest.csv");
    let text = std::fs::read_to_string(&manifest).unwrap_or_else(|error| panic!("{}: {error}", manifest.display()));
    let mut kinds = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut fields = line.splitn(4, ',');
        let mut next = || fields.next().unwrap_or_default();
        let (file, group, expect) = (next(), next(), next());
        kinds.entry((group, expect)).or_insert_with(|| Case { path: folder.join(file), outcome: Outcome::of(expect) });
    }
    assert!(kinds.len() > 8, "only {} kinds", kinds.len());
    kinds.into_values().collect()
}

/// Files as the manifest has them, made here.
fn made_here(fixtures: &Fixtures) -> Vec<Case> {
    let case = |path: PathBuf, outcome: Outcome| Case { path, outcome };
    let whole = std::fs::read(fixtures.wav("whole.wav", 48_000, Depth::Int16, &[noise(1, 48_000)])).unwrap_or_default();
    let changed = |name: &str, at: usize, bytes: &[u8]| {
        let mut file = whole.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        fixtures.raw(name, &file)
    };
    let mut holes = sine(440.0, 48_000, 48_000);
    holes[100..200].fill(f32::NAN);
    holes[300] = f32::INFINITY;
    vec![
        case(fixtures.raw("notes.wav", b"Remember to tune the bass."), Outcome::Sentence),
        case(fixtures.raw("picture.wav", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"), Outcome::Sentence),
        case(fixtures.raw("nothing.wav", b""), Outcome::Sentence),
        case(fixtures.raw("header only.wav", &whole[..44]), Outcome::Sentence),
        case(fixtures.raw("cut.wav", &whole[..20_000]), Outcome::TrackAndSentence),
        case(changed("no channels.wav", 22, &[0, 0]), Outcome::Sentence),
        case(changed("200 channels.wav", 22, &[200, 0]), Outcome::Sentence),
        case(changed("absurd rate.wav", 24, &[255, 255, 255, 255]), Outcome::Sentence),
        case(fixtures.wav("holes.wav", 48_000, Depth::Float32, &[holes]), Outcome::TrackAndSentence),
        case(fixtures.wav("<img src=x onerror=alert(1)>.wav", 48_000, Depth::Int16, &[sine(440.0, 48_000, 4_800)]), Outcome::Track),
        case(fixtures.wav("שלום 🎸 \u{202e}gnp.wav", 48_000, Depth::Int16, &[sine(330.0, 48_000, 4_800)]), Outcome::Track),
    ]
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Strips in the console.
async fn strips(page: &Page) -> usize {
    page.all(&[("group", "*"), ("slider", "Trim")]).await.len()
}

/// The sentences that are shown.
async fn sentences(page: &Page) -> Vec<String> {
    let shown = page.script("return [...document.querySelectorAll('[role=alert] .toast-text')].map((text) => text.textContent)", &[]).await;
    shown.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

async fn sentence_about(page: &Page, name: &str) -> Option<String> {
    sentences(page).await.into_iter().find(|sentence| sentence.contains(name))
}

/// Playing goes on, and nothing of the last file is left on show.
async fn goes_on_working(page: &Page, after: &str) {
    let close = "document.querySelectorAll('.toasts button').forEach((button) => button.click())";
    page.script(close, &[]).await;
    page.click(&[("button", "Return to start")]).await;
    page.click(&[("button", "Play")]).await;
    let position = async || page.script("return document.querySelector('[aria-label=Position]').textContent", &[]).await;
    let before = position().await;
    page.wait(&format!("the song plays after {after}"), WORK, async || position().await != before).await;
    page.click(&[("button", "Stop")]).await;
}

async fn start_with_a_good_file(page: &Page, fixtures: &Fixtures) {
    let good = fixtures.wav("Good.wav", 48_000, Depth::Int16, &[noise(9, 10 * 48_000)]);
    page.add_audio(&[good]).await;
    page.get_within(&[("group", "Good")], WORK).await;
}

async fn give(page: &Page, case: &Case) {
    let name = name_of(&case.path);
    let before = strips(page).await;
    page.add_audio(std::slice::from_ref(&case.path)).await;
    page.wait(&format!("{name} gives {:?}", case.outcome), WORK, async || {
        let (has_track, has_sentence) = (strips(page).await > before, sentence_about(page, &name).await.is_some());
        match case.outcome {
            Outcome::Track => has_track,
            Outcome::TrackAndSentence => has_track && has_sentence,
            Outcome::Sentence => has_sentence,
            Outcome::Any => has_track || has_sentence,
        }
    })
    .await;
    if let Some(sentence) = sentence_about(page, &name).await {
        assert!(sentence.ends_with('.') && sentence.len() > name.len() + 10, "no sentence: {sentence}");
        assert_eq!(sentence.matches(&name).count(), 1, "{sentence}");
    }
    if case.outcome == Outcome::Sentence {
        assert_eq!(strips(page).await, before, "{name} became a track");
    }
    assert_eq!(page.script("return document.images.length", &[]).await, 0, "{name} became markup");
    goes_on_working(page, &name).await;
}

in_both_browsers!(a_bad_file_leaves_its_sentence_and_the_session_goes_on, async |page: &Page| {
    let fixtures = Fixtures::new();
    start_with_a_good_file(page, &fixtures).await;
    for case in made_here(&fixtures).iter().chain(&one_of_each_kind()) {
        give(page, case).await;
    }
});

in_both_browsers!(the_same_file_twice_becomes_two_tracks, async |page: &Page| {
    let fixtures = Fixtures::new();
    start_with_a_good_file(page, &fixtures).await;
    let (again, before) = (fixtures.path("Good.wav"), strips(page).await);
    page.add_audio(&[again.clone(), again]).await;
    page.wait("two more tracks of one file", WORK, async || strips(page).await == before + 2).await;
    assert_eq!(sentences(page).await, Vec::<String>::new());
    goes_on_working(page, "the same file three times").await;
});

/// Chromium's own command narrows what the page may store; Firefox has none.
#[test]
fn a_file_larger_than_the_quota_leaves_its_sentence() {
    run(Browser::Chromium, "quota", async |page| {
        let fixtures = Fixtures::new();
        start_with_a_good_file(page, &fixtures).await;
        let mut inspector = Inspector::of(page);
        let origin = page.url().trim_end_matches('/');
        let used = page.async_script("return (await navigator.storage.estimate()).usage", &[]).await.as_f64().unwrap_or(0.0);
        inspector.ask_page("Storage.overrideQuotaForOrigin", json!({ "origin": origin, "quotaSize": used + 1_000_000.0 }));
        let large = fixtures.wav("Large.wav", 48_000, Depth::Int24, &[noise(1, 30 * 48_000), noise(2, 30 * 48_000)]);
        give(page, &Case { path: large.clone(), outcome: Outcome::Sentence }).await;
        inspector.ask_page("Storage.overrideQuotaForOrigin", json!({ "origin": origin }));
        give(page, &Case { path: large, outcome: Outcome::Track }).await;
    });
}
