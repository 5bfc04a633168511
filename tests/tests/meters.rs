//! The meters say what is there: the running build proves itself by the EBU's signals, and in the Master room each number follows the audio.

use std::f64::consts::TAU;
use std::path::PathBuf;

use serde_json::Value;
use tests::browser::{Browser, run};
use tests::fixtures::{Depth, Fixtures};
use tests::in_both_browsers;
use tests::page::Page;
use tests::sound::WORK;

const RATE_HZ: u32 = 48_000;
const SECONDS: u32 = 40;

in_both_browsers!(the_running_build_passes_the_ebus_cases, async |page: &Page| {
    page.click(&[("button", "Open demo song")]).await;
    page.click(&[("button", "Settings")]).await;
    page.click(&[("dialog", "Settings"), ("button", "Test the meters")]).await;
    let body = "return [...document.querySelectorAll('dialog[open] tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))";
    page.wait("the table", WORK, async || page.script(body, &[]).await.as_array().is_some_and(|rows| !rows.is_empty())).await;
    let table = page.script(body, &[]).await;
    let rows: Vec<Vec<&str>> = table
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row.as_array().into_iter().flatten().filter_map(Value::as_str).collect())
        .collect();
    let expected: usize = dsp::meters::proof::CASES.iter().map(|case| case.readings.len()).sum();
    assert_eq!(rows.len(), expected);
    for row in &rows {
        assert_eq!(row[6], "Pass", "{row:?}");
        let number = |text: &str| {
            let digits: String = text.replace('−', "-").chars().take_while(|c| c.is_ascii_digit() || ".-".contains(*c)).collect();
            digits.parse::<f64>().ok()
        };
        let (expected, read) = (number(row[3]).expect("what must be read"), number(row[5]).expect("what was read"));
        assert!((expected - read).abs() <= 1.0, "{row:?}");
    }
    page.get(&[("dialog", "Settings"), ("status", &format!("{expected} of {expected} readings are within their limits, at 48000 Hz."))])
        .await;
});

/// A sine of this frequency with these levels of left and right.
fn tone(fixtures: &Fixtures, name: &str, hz: f64, levels: [f64; 2]) -> PathBuf {
    let side = |level: f64| -> Vec<f32> {
        (0..RATE_HZ * SECONDS).map(|frame| (level * (TAU * hz * f64::from(frame) / f64::from(RATE_HZ)).sin()) as f32).collect()
    };
    fixtures.wav(name, RATE_HZ, Depth::Int24, &levels.map(side))
}

/// Waits until a meter reads so, within a tolerance.
async fn reads(page: &Page, meter: &str, expected: f64, tolerance: f64) {
    let near = async || (page.value(&[("meter", meter)]).await - expected).abs() <= tolerance;
    page.wait(&format!("{meter} reads {expected}"), WORK, near).await;
}

/// What each meter must read of a tone, from the definitions: a 1 kHz sine's loudness is its level in LUFS when both sides carry it (BS.1770,
/// within the weighting's deviation at 1 kHz), RMS lies 3.01 dB under the peak.
async fn reads_the_tone(page: &Page, hz: f64, levels: [f64; 2]) {
    let [left_db, right_db] = levels.map(|level| 20.0 * level.log10());
    let loudness = 10.0 * (levels.map(|level| level * level / 2.0).iter().sum::<f64>()).log10();
    let peak_db = left_db.max(right_db);
    for meter in ["Momentary loudness", "Short-term loudness", "Integrated loudness", "Largest short-term loudness"] {
        reads(page, meter, loudness, 0.3).await;
    }
    reads(page, "True peak", peak_db, 0.1).await;
    for meter in ["Peak to loudness ratio", "Peak to short-term ratio"] {
        reads(page, meter, peak_db - loudness, 0.4).await;
    }
    reads(page, "Balance", right_db - left_db, 0.1).await;
    // The first destination asks for −14 LUFS.
    reads(page, "Integrated loudness over the target", loudness + 14.0, 0.3).await;
    reads(page, "Correlation", 1.0, 0.01).await;
    reads(page, "Correlation, High mid, 800 to 5000 Hz", 1.0, 0.01).await;
    for meter in ["Level in", "Level out"] {
        reads(page, meter, peak_db - 3.01, 0.2).await;
    }
    let distribution = "return document.querySelector('canvas.meters-distribution')?.getAttribute('aria-label') ?? ''";
    // A tone at the edge of a LU lies in either.
    let around = [loudness - 0.3, loudness + 0.3].map(|lufs| format!("most often around −{:.0} LUFS", (lufs.floor() + 0.5).abs()));
    let is_told = async || {
        let label = page.script(distribution, &[]).await;
        label.as_str().is_some_and(|label| around.iter().any(|text| label.ends_with(text.as_str())))
    };
    page.wait(&format!("the distribution is {}", around[0]), WORK, is_told).await;
    reads(page, "Left level", left_db - 3.01, 0.1).await;
    reads(page, "Right level", right_db - 3.01, 0.1).await;
    for (scale, offset) in [("K-12", 12.0), ("K-14", 14.0), ("K-20", 20.0), ("VU", 18.0)] {
        page.choose(&[("combobox", "Scale of the level")], scale).await;
        let highest = if scale == "VU" { 3.0 } else { offset };
        reads(page, "Left level", (left_db + offset).min(highest), 0.2).await;
    }
    page.choose(&[("combobox", "Scale of the level")], "RMS, dBFS").await;
    page.choose(&[("combobox", "Tilt of the spectrum")], "No tilt").await;
    spectrum_shows(page, hz, 10.0 * (levels.map(|level| level * level / 2.0).iter().sum::<f64>()).log10()).await;
}

/// The picture's words name the loudest frequency and its level: the mean of both sides' powers.
async fn spectrum_shows(page: &Page, hz: f64, db: f64) {
    let body = "return document.querySelector('canvas.meters-picture')?.getAttribute('aria-label') ?? ''";
    let shows = async || {
        let label = page.script(body, &[]).await.as_str().unwrap_or_default().replace('−', "-");
        let words: Vec<&str> = label.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let number = |word: Option<&&str>| word.and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN);
        let at = words.iter().position(|word| *word == "at").unwrap_or(words.len());
        let scale = if words.get(at + 2) == Some(&"kHz") { 1_000.0 } else { 1.0 };
        let (seen_hz, seen_db) = (scale * number(words.get(at + 1)), number(words.get(at + 3)));
        // Between two bins a Hann window loses up to 1.4 dB.
        (seen_hz / hz - 1.0).abs() < 0.03 && (seen_db - db).abs() < 1.5
    };
    page.wait(&format!("the spectrum shows {hz} Hz at {db:.1} dB"), WORK, shows).await;
}

#[test]
fn chromium_every_number_of_the_master_room_follows_the_audio() {
    run(Browser::Chromium, "meters", async |page| {
        let fixtures = Fixtures::new();
        let tones = [("Quiet.wav", 1_000.0, [0.05, 0.05]), ("Loud.wav", 880.0, [0.5, 0.25])];
        page.click(&[("tab", "Master")]).await;
        for (name, hz, levels) in tones {
            page.add_audio(&[tone(&fixtures, name, hz, levels)]).await;
            page.get_within(&[("tab", name.trim_end_matches(".wav"))], WORK).await;
        }
        for (name, hz, levels) in tones {
            page.click(&[("tab", name.trim_end_matches(".wav"))]).await;
            page.click(&[("button", "Loop")]).await;
            page.click(&[("button", "Play")]).await;
            reads_the_tone(page, hz, levels).await;
            page.click(&[("button", "Stop")]).await;
        }
    });
}

#[test]
fn chromium_a_multiband_compressor_s_table_shows_what_each_band_takes_away() {
    // A steady tone in the second band: with a hard knee, (level − threshold) · (1 − 1/ratio) are taken of it, and nothing elsewhere.
    const LEVEL: f64 = 0.5;
    const RATIO: f64 = 4.0;
    run(Browser::Chromium, "band-reductions", async |page| {
        let fixtures = Fixtures::new();
        page.click(&[("tab", "Master")]).await;
        page.bring_in(&[tone(&fixtures, "Tone.wav", 600.0, [LEVEL; 2])], &[("meter", "Integrated loudness")]).await;
        page.click(&[("button", "Add insert")]).await;
        page.click(&[("menuitem", "Multiband compressor")]).await;
        let control = |name| [("region", "Multiband compressor on Master"), ("slider", name)];
        for (name, value) in [("Band 2 ratio", "4"), ("Band 2 knee", "0"), ("Band 2 hold", "50")] {
            page.type_value(&control(name), value).await;
        }
        page.click(&[("button", "Loop")]).await;
        page.click(&[("button", "Play")]).await;
        for threshold_db in [-18.0, -30.0] {
            page.type_value(&control("Band 2 threshold"), &threshold_db.to_string()).await;
            let taken_db = (20.0 * LEVEL.log10() - threshold_db) * (1.0 - 1.0 / RATIO);
            reads(page, "Band 2 gain reduction", -taken_db, 0.2).await;
            let text = page.text(&[("meter", "Band 2 gain reduction")]).await.replace('−', "-");
            assert!(text.parse::<f64>().is_ok_and(|shown| (shown + taken_db).abs() < 0.2), "{text} is shown");
            for other in ["Band 1 gain reduction", "Band 3 gain reduction"] {
                reads(page, other, 0.0, 0.05).await;
            }
        }
        page.click(&[("region", "Multiband compressor on Master"), ("switch", "Band 2 on")]).await;
        reads(page, "Band 2 gain reduction", 0.0, 0.0).await;
        page.click(&[("button", "Stop")]).await;
    });
}
