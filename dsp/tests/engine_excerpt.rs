//! A render keeps the song, all of it and nothing else: its latency is left out, its tail is kept as long as it sounds or is wanted.

mod engine_support;

use dsp::engine::{BLOCK_FRAMES, Excerpt, Limiting, host};
use dsp::protocol::Command;
use dsp::protocol::feed::BlockHeader;
use dsp::protocol::telemetry::word;
use engine_support::processors::{ECHO, LATE};
use engine_support::*;

/// Renders from `start` to `end` as an export does.
fn export(studio: &mut Studio, start: u64, end: u64, tail_limit: u64) -> Vec<[f32; 2]> {
    export_read(studio, start, end, tail_limit, |_| {})
}

/// The same, with every record shown to `read`.
fn export_read(studio: &mut Studio, start: u64, end: u64, tail_limit: u64, mut read: impl FnMut(&[u32])) -> Vec<[f32; 2]> {
    studio.feeder.seek(1, start);
    studio.feeder.end = Some(end);
    studio.apply(Command::Play { generation: 1 });
    let mut excerpt = Excerpt::new(RATE_HZ, tail_limit);
    let mut kept = Vec::new();
    while !excerpt.is_complete() {
        if studio.engine.wanted_block().is_some() {
            studio.feeder.write_block();
            assert!(host::pump(&mut studio.engine, &studio.feeder.ring));
            excerpt.feed(&BlockHeader::from_words(studio.engine.input_mut()));
        }
        studio.engine.render_block();
        let frames = excerpt.keep(&studio.engine);
        let (left, right) = studio.engine.tap();
        kept.extend(frames.map(|at| [left[at], right[at]]));
        studio.engine.telemetry_ready().into_iter().for_each(&mut read);
    }
    kept
}

#[test]
fn a_song_of_any_length_behind_any_latency_is_kept_from_its_first_frame_to_its_last() {
    for (latency, start, end) in [(0, 0, 5000), (777, 31, 5000), (BLOCK_FRAMES, 0, 1), (5000, 7, 300), (0, 0, 1280)] {
        let mut studio = Studio::new(vec![noise(1)]);
        studio.insert(MASTER.0, 1, LATE, &[latency as f32]);
        let expected: Vec<[f32; 2]> = (start..end).map(|frame| noise(1)(frame)).collect();
        let kept = export(&mut studio, start, end, 0);
        assert_eq!(bits(&kept), bits(&expected), "latency {latency}, {start} to {end}");
    }
}

#[test]
fn a_tail_is_cut_at_the_limit_and_ends_by_itself_when_it_is_silent() {
    let render = |tail_limit| {
        let mut studio = Studio::new(vec![noise(1)]);
        studio.insert(1, 1, ECHO, &[]);
        export(&mut studio, 0, 5000, tail_limit)
    };
    assert_eq!(render(0).len(), 5000);
    assert_eq!(render(1234).len(), 6234);
    let whole = render(u64::MAX);
    let last_sound = whole.iter().rposition(|frame| frame[0].abs() > 1e-4).unwrap_or(0);
    assert!(last_sound > 10_000 && last_sound + 1_000 < whole.len(), "{last_sound} of {}", whole.len());
    assert_eq!(bits(&whole[..6234]), bits(&render(1234)));
}

#[test]
fn a_render_that_nobody_reads_or_hears_keeps_the_same_mix_and_tells_what_its_limiter_does() {
    let limiter = dsp::processors::spec("limiter").expect("a processor");
    let driven: Vec<f32> = limiter.params.iter().map(|param| if param.id == "gain" { 24.0 } else { param.default }).collect();
    let render = |is_read: bool| {
        let mut studio = Studio::new(vec![noise(1), noise(2)]);
        studio.insert(1, 1, ECHO, &[]);
        studio.insert(MASTER.0, 2, "limiter", &driven);
        if !is_read {
            studio.engine.keep_only_the_mix();
        }
        let (mut limiting, mut measured_frames) = (Limiting::default(), 0);
        let kept = export_read(&mut studio, 0, 50_000, u64::MAX, |record| {
            limiting.note(record, 2);
            measured_frames = record[word::MEASURED_FRAMES];
        });
        (bits(&kept), limiting, measured_frames > 0, studio.engine.output().0.iter().any(|sample| *sample != 0.0))
    };
    let ((mix, limiting, is_measured, _), (bare, bare_limiting, is_bare_measured, is_bare_heard)) = (render(true), render(false));
    assert!(is_measured && !is_bare_measured && !is_bare_heard);
    assert!(mix == bare, "the mix changes with who listens");
    assert_eq!(limiting, bare_limiting);
    assert!(limiting.records > 50 && limiting.deepest_db < -10.0 && limiting.deep > 50, "{limiting:?}");
}
