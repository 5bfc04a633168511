//! The whole path as a musician walks it: a stereo file in and a limited master out, an untouched stem in and the same samples out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tests::fixtures::{Depth, Fixtures, noise};
use tests::in_both_browsers;
use tests::page::Page;
use thirtyfour::Key;

/// Importing and rendering a few seconds of audio on a busy machine.
const WORK: Duration = Duration::from_secs(90);

/// Format tag, channels, rate, bits and the bytes of a WAV's samples.
struct Wav {
    tag: u16,
    channels: u16,
    rate_hz: u32,
    bits: u16,
    data: Vec<u8>,
}

fn read_wav(path: &Path) -> Wav {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(&bytes[..4], b"RIFF", "{}", path.display());
    let (mut at, mut format, mut data) = (12, None, None);
    while at + 8 <= bytes.len() {
        let size = u32::from_le_bytes([bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7]]) as usize;
        let body = &bytes[at + 8..(at + 8 + size).min(bytes.len())];
        match &bytes[at..at + 4] {
            b"fmt " => format = Some(body.to_vec()),
            b"data" => data = Some(body.to_vec()),
            _ => {}
        }
        at += 8 + size + size % 2;
    }
    let format = format.unwrap_or_else(|| panic!("{} has no format", path.display()));
    let word = |at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
    // An extensible format names its kind of sample at the start of its last 16 bytes.
    let tag = if word(0) == 0xfffe { word(24) } else { word(0) };
    Wav {
        tag,
        channels: word(2),
        rate_hz: u32::from_le_bytes([format[4], format[5], format[6], format[7]]),
        bits: word(14),
        data: data.unwrap_or_else(|| panic!("{} has no samples", path.display())),
    }
}

impl Wav {
    fn samples(&self) -> Vec<f32> {
        match (self.tag, self.bits) {
            (3, 32) => self.data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            (1, 24) => self.data.chunks_exact(3).map(|b| (i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8) as f32 / 8_388_608.0).collect(),
            (1, 16) => self.data.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0).collect(),
            other => panic!("an unexpected kind of sample: {other:?}"),
        }
    }
}

async fn export(page: &Page, depth: &str, dither: &str) -> PathBuf {
    page.click(&[("button", "Export")]).await;
    page.choose(&[("dialog", "Export"), ("combobox", "Bit depth")], depth).await;
    page.choose(&[("dialog", "Export"), ("combobox", "Dither")], dither).await;
    page.click(&[("dialog", "Export"), ("button", "Start export")]).await;
    let file = page.download(".wav", WORK).await;
    assert!(page.has(&[("dialog", "Export")]).await, "the report stays open");
    page.press(Key::Escape + "").await;
    page.gone(&[("dialog", "Export")]).await;
    file
}

in_both_browsers!(a_stereo_file_is_limited_in_the_master_room_and_exported_in_24_bits, async |page: &Page| {
    let fixtures = Fixtures::new();
    let loud = |seed| noise(seed, 96_000).iter().map(|sample| sample * 0.9).collect::<Vec<f32>>();
    let song = fixtures.wav("Song.wav", 48_000, Depth::Int24, &[loud(5), loud(6)]);
    page.click(&[("tab", "Master")]).await;
    page.add_audio(&[song]).await;
    page.wait("the song is there", WORK, async || !page.has(&[("progressbar", "*")]).await && page.has(&[("button", "Add insert")]).await)
        .await;
    page.click(&[("button", "Add insert")]).await;
    page.click(&[("menuitem", "Limiter")]).await;
    page.type_value(&[("region", "Limiter on Master"), ("slider", "Gain")], "6").await;
    page.type_value(&[("region", "Limiter on Master"), ("slider", "Ceiling")], "-1").await;

    let wav = read_wav(&export(page, "24 bit", "None").await);
    assert_eq!((wav.tag, wav.channels, wav.rate_hz, wav.bits), (1, 2, 48_000, 24));
    let samples = wav.samples();
    let mut meter = ebur128::EbuR128::new(2, 48_000, ebur128::Mode::TRUE_PEAK).expect("a meter at 48 kHz");
    meter.add_frames_f32(&samples).expect("whole frames");
    let peak = (0..2).map(|channel| meter.true_peak(channel).expect("a channel")).fold(0.0, f64::max);
    let peak_dbtp = 20.0 * peak.log10();
    // ebur128's 4x detector reads white noise up to 0.3 dB over or under a finer one.
    assert!((-2.0..=-0.7).contains(&peak_dbtp), "{peak_dbtp} dBTP");
});

in_both_browsers!(an_untouched_stem_is_exported_as_the_same_samples, async |page: &Page| {
    let fixtures = Fixtures::new();
    for (depth, bits, name) in [(Depth::Int16, "16 bit", "Sixteen"), (Depth::Int24, "24 bit", "Twentyfour")] {
        page.open().await;
        let file = fixtures.wav(&format!("{name}.wav"), 48_000, depth, &[noise(3, 48_000), noise(4, 48_000)]);
        page.add_audio(std::slice::from_ref(&file)).await;
        page.get_within(&[("group", name)], WORK).await;
        page.wait("it is decoded", WORK, async || !page.has(&[("progressbar", "*")]).await).await;
        let exported = export(page, bits, "None").await;
        let (before, after) = (read_wav(&file), read_wav(&exported));
        assert_eq!(after.bits, before.bits);
        assert!(after.data.len() >= before.data.len());
        let first = before.data.iter().zip(&after.data).position(|(a, b)| a != b);
        assert_eq!(first, None, "{bits}: the first byte that differs");
        std::fs::remove_file(exported).expect("the download can be removed");
    }
});
