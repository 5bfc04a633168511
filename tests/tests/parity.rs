//! One engine, equal bits: what the browser exports and what is heard live, tapped before the monitor stage, are the frames of the native
//! bounce, all of them, whatever the rate, the browser's quantum, and the pace of the feeder.

use std::time::Duration;

use session::compile::Purpose;
use session::model::SampleFormat;
use session::worker::Dither;
use tests::bounce::{Job, bounce};
use tests::browser::{Browser, run};
use tests::example::{stored, write_archive};
use tests::page::Page;
use tests::render::{Pace, Stage};
use tests::temporary::TemporaryFolder;
use tests::wav::Wav;

/// A run of half a minute of sound, on a machine that may not keep up with it.
const LIVE: Duration = Duration::from_secs(300);

/// The address's wish for frames in the browser's quantum, and for a feeder ten times slower than it could be.
const QUANTUM: &str = "quantum=1024";
const SLOW: &str = "slow-feed=10";

struct Reference {
    folder: TemporaryFolder,
    /// The bounce, interleaved.
    frames: Vec<f32>,
    latency_frames: usize,
    rate_hz: u32,
}

impl Reference {
    /// The example at a rate as a session file, and its bounce.
    fn new(rate_hz: u32) -> Self {
        let folder = TemporaryFolder::new("parity");
        let (session, song, mut samples, mut store) = stored(rate_hz);
        let (archive, out) = (folder.path().join("Example.headroom"), folder.path().join("bounce.wav"));
        write_archive(&session, &mut store, &archive);
        bounce(&Job { session: archive, out: out.clone(), song: None, format: SampleFormat::F32, dither: Dither::None, range: None })
            .unwrap_or_else(|sentence| panic!("{sentence}"));
        let found = session.song(song).unwrap_or_else(|| panic!("the song is gone"));
        let latency_frames = Stage::new(&session, found, Purpose::Export, &mut samples, Pace::default()).engine.latency_frames();
        let frames = Wav::read(&out).samples;
        assert!(frames.len() / 2 >= 30 * rate_hz as usize, "the song is only {} frames long", frames.len() / 2);
        let loud = frames.iter().filter(|sample| sample.abs() > 0.001).count();
        assert!(loud > frames.len() / 2, "only {loud} of {} samples sound", frames.len());
        Self { folder, frames, latency_frames, rate_hz }
    }

    async fn open(&self, page: &Page, query: &str) {
        page.open_with(query).await;
        page.open_session(&self.folder.path().join("Example.headroom")).await;
    }

    async fn exports_the_same(&self, page: &Page, query: &str) {
        self.open(page, query).await;
        let file = page.export("32 bit float", "None").await;
        let wav = Wav::read(&file);
        std::fs::remove_file(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!((wav.bits, wav.channels, wav.rate_hz), (32, 2, self.rate_hz));
        assert_eq!(wav.data.len(), 4 * self.frames.len(), "length of the export with {query:?}");
        let same = |at: usize, bytes: &[u8]| bytes == self.frames[at].to_le_bytes();
        let differs = wav.data.chunks_exact(4).enumerate().find(|(at, bytes)| !same(*at, bytes)).map(|(at, _)| at);
        assert_eq!(differs, None, "the first sample of the export that differs with {query:?}");
    }

    async fn sounds_the_same(&self, page: &Page, query: &str) {
        self.open(page, query).await;
        page.start_audio().await;
        if query.contains(QUANTUM) {
            assert_eq!(page.diagnostic("quantumFrames").await, 1024.0, "the browser honours the wish");
        }
        let song_frames = 30 * self.rate_hz as usize;
        let frames = self.latency_frames + song_frames;
        page.start_tap(frames).await;
        page.click(&[("button", "Play")]).await;
        page.finish_tap(frames, LIVE).await;
        page.assert_recorded(self.latency_frames, &self.frames[..2 * song_frames]).await;
    }
}

/// Every combination of quantum and feeder is exported, and `live` is played.
fn matrix(rate_hz: u32, live: &str) {
    let reference = Reference::new(rate_hz);
    run(Browser::Chromium, &format!("parity-{rate_hz}"), async |page| {
        for query in ["", QUANTUM, SLOW, &format!("{QUANTUM}&{SLOW}")] {
            reference.exports_the_same(page, query).await;
        }
        reference.sounds_the_same(page, live).await;
    });
}

#[test]
fn chromium_gives_the_bits_of_the_bounce_at_44_1_khz() {
    matrix(44_100, QUANTUM);
}

#[test]
fn chromium_gives_the_bits_of_the_bounce_at_48_khz() {
    matrix(48_000, "");
}

#[test]
fn chromium_gives_the_bits_of_the_bounce_at_96_khz() {
    matrix(96_000, SLOW);
}

#[test]
fn firefox_gives_the_bits_of_the_bounce() {
    for (rate_hz, is_played) in [(44_100, true), (48_000, false), (96_000, false)] {
        let reference = Reference::new(rate_hz);
        run(Browser::Firefox, &format!("parity-firefox-{rate_hz}"), async |page| {
            reference.exports_the_same(page, SLOW).await;
            if is_played {
                reference.sounds_the_same(page, "").await;
            }
        });
    }
}
