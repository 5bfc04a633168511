//! The demo song as a listener and the desk meet it.

use media::demo::{STEMS, score, session};
use session::model::{SampleFormat, Source, SourceId};

fn sources() -> Vec<Source> {
    STEMS
        .iter()
        .map(|stem| Source {
            id: SourceId(0),
            hash: stem.name.to_string(),
            file_name: format!("{}.wav", stem.name),
            rate_hz: score::RATE_HZ,
            channels: 1,
            frames: score::SONG_FRAMES as u64,
            format: SampleFormat::F32,
            notes: Vec::new(),
            time_reference: None,
        })
        .collect()
}

fn fingerprint(stem: &[Vec<f32>]) -> u64 {
    stem.iter()
        .flatten()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, sample| (hash ^ u64::from(sample.to_bits())).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn it_has_at_least_ten_stems_of_a_minute_or_more_that_sound_and_stay_below_full_scale() {
    assert!(STEMS.len() >= 10);
    assert!(score::SONG_FRAMES >= 60 * score::RATE_HZ as usize);
    for spec in STEMS {
        let stem = (spec.render)();
        let peak = stem.iter().flatten().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        assert!(stem.iter().all(|channel| channel.len() == score::SONG_FRAMES), "{} has another length", spec.name);
        assert!((0.05..1.0).contains(&peak), "{} peaks at {peak}", spec.name);
    }
}

#[test]
fn two_renders_of_a_stem_are_the_same_bits() {
    for spec in [&STEMS[0], &STEMS[7], &STEMS[10]] {
        assert_eq!(fingerprint(&(spec.render)()), fingerprint(&(spec.render)()), "{}", spec.name);
    }
}

#[test]
fn its_mix_sets_only_values_that_the_declarations_know() {
    let session = session("demo".to_string(), sources());
    for strip in &session.songs[0].strips {
        for id in strip.values.keys() {
            assert!(dsp::engine::STRIP_PARAMS.iter().any(|param| param.id == id), "{}: {id}", strip.name);
        }
        for insert in &strip.inserts {
            let spec = dsp::processors::spec(&insert.processor).unwrap_or_else(|| panic!("{} is unknown", insert.processor));
            for (id, value) in &insert.values {
                let param = &spec.params[spec.index_of(id).unwrap_or_else(|| panic!("{}: {id}", insert.processor))];
                assert_eq!(param.clamp(*value), *value, "{}: {id}", insert.processor);
            }
        }
    }
}

#[test]
fn every_track_goes_through_a_group_and_has_one_clip_of_its_stem() {
    let session = session("demo".to_string(), sources());
    let song = &session.songs[0];
    for (stem, strip) in STEMS.iter().zip(&song.strips) {
        assert_eq!(strip.name, stem.name);
        assert!(strip.output.is_some(), "{} goes straight to the master", strip.name);
        assert_eq!(strip.clips.len(), 1);
    }
    assert_eq!(song.strips.last().map(|strip| strip.name.as_str()), Some("Master"));
}
