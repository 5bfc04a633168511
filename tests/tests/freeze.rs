//! A frozen track or group sounds as it did, bit for bit, whatever stood on it and wherever it goes.

use session::compile::Purpose;
use session::model::{Clip, Range, Session, SongId, Source, SourceId, Target};
use session::worker::Imported;
use session::{Edit, freeze};
use tests::example::example;
use tests::render::{MemorySamples, Pace, render_to_memory};

const RATE_HZ: u32 = 48_000;
/// The tracks are cut to this length,
const CLIP_FRAMES: u64 = 2 * RATE_HZ as u64;
/// and a part of their tails is heard.
const HEARD: Range = Range { start: 0, end: 3 * RATE_HZ as u64 };

/// The example with one short clip on each track.
fn short() -> (Session, SongId, MemorySamples) {
    let (mut session, song, samples) = example(RATE_HZ);
    let strips = session.song(song).expect("the song").strips.clone();
    for strip in &strips {
        for (at, clip) in strip.clips.iter().enumerate() {
            let id = strip.id;
            let edit = match at {
                0 => Edit::SetClip { song, strip: id, clip: Clip { length: CLIP_FRAMES, ..clip.clone() } },
                _ => Edit::RemoveClip { song, strip: id, clip: clip.id },
            };
            session.apply(&edit).expect("a shorter track");
        }
    }
    (session, song, samples)
}

fn render(session: &Session, song: SongId, range: Range, samples: &mut MemorySamples) -> [Vec<f32>; 2] {
    render_for(Purpose::Export, session, song, range, samples)
}

fn render_for(purpose: Purpose, session: &Session, song: SongId, range: Range, samples: &mut MemorySamples) -> [Vec<f32>; 2] {
    let song = session.song(song).expect("the song");
    render_to_memory((session, song, range), purpose, samples, Pace::default()).expect("a render")
}

/// Freezes a strip as the studio does: the export of its head becomes a source.
fn frozen(session: &Session, song: SongId, name: &str, samples: &mut MemorySamples) -> Session {
    let found = session.song(song).expect("the song");
    let strip = found.strips.iter().find(|strip| strip.name == name).expect("the strip");
    let range = freeze::range(found, strip).expect("clips");
    let mut alone = session.clone();
    alone.apply(&freeze::only_head(session, song, strip.id).expect("a track")).expect("a valid song");
    let planes = render(&alone, song, range, samples);
    let source = Source { frames: planes[0].len() as u64, ..tests::example::source(SourceId(9999), 2, RATE_HZ, 1) };
    let Source { hash, file_name, rate_hz, channels, frames, format, notes, time_reference, .. } = source;
    let imported = Imported { hash: hash.clone(), file_name, rate_hz, channels, frames, format, notes, time_reference };
    let mut changed = session.clone();
    changed.apply(&freeze::freeze(session, song, strip.id, imported).expect("a track")).expect("frozen");
    let id = changed.source_by_hash(&hash).expect("the render").id;
    samples.0.insert(id, planes.into());
    changed
}

/// The strips whose faders stand still: an automated one is read on a grid that follows the latency before it, which freezing takes away.
#[test]
fn a_frozen_track_or_group_renders_to_the_bits_of_the_live_one() {
    let (session, song, mut samples) = short();
    let live = render(&session, song, HEARD, &mut samples);
    for name in ["Kick", "Bass", "Keys", "Drums", "Band"] {
        let cold = frozen(&session, song, name, &mut samples);
        let chain = |session: &Session| {
            session.song(song).and_then(|song| song.strips.iter().find(|strip| strip.name == name)).map(|strip| strip.inserts.len())
        };
        assert_eq!(chain(&cold), Some(0), "{name} is free of its inserts");
        let rendered = render(&cold, song, HEARD, &mut samples);
        // After the range nothing is fed: the live tail rings on, the render of it ends.
        let differs = (0..HEARD.end as usize).find(|at| (0..2).any(|side| live[side][*at].to_bits() != rendered[side][*at].to_bits()));
        assert_eq!(differs, None, "{name}: the first frame that differs");
    }
}

#[test]
fn what_stands_behind_the_freeze_is_live() {
    let (session, song, mut samples) = short();
    let mut cold = frozen(&session, song, "Bass", &mut samples);
    let strip = cold.song(song).and_then(|song| song.strips.iter().find(|strip| strip.name == "Bass")).expect("the track").id;
    let before = render(&cold, song, HEARD, &mut samples);
    let mute = Target::Strip("mute".into());
    cold.apply(&Edit::SetValue { song, strip, target: mute, value: 1.0 }).expect("a switch");
    assert_ne!(render(&cold, song, HEARD, &mut samples)[0], before[0]);
}

#[test]
fn what_is_soloed_in_a_frozen_group_is_heard_as_in_the_live_one_and_no_export_knows() {
    let (live, song, mut samples) = short();
    let cold = frozen(&live, song, "Band", &mut samples);
    let exported = render(&cold, song, HEARD, &mut samples);
    let all = render_for(Purpose::Live, &cold, song, HEARD, &mut samples);
    let found = live.song(song).expect("the song");
    let band = found.strips.iter().find(|strip| strip.name == "Band").expect("the group").id;
    let strip = found.strips.iter().find(|strip| strip.output == Some(band)).expect("what goes into it").id;
    let solo = Edit::SetValue { song, strip, target: Target::Strip("solo".into()), value: 1.0 };
    let mut soloed = |session: &Session| {
        let mut session = session.clone();
        session.apply(&solo).expect("a switch");
        let range = Range { start: 0, end: CLIP_FRAMES };
        let heard = render_for(Purpose::Live, &session, song, range, &mut samples).map(|plane| plane[..CLIP_FRAMES as usize].to_vec());
        (heard, render(&session, song, HEARD, &mut samples))
    };
    let (heard, _) = soloed(&live);
    let (heard_of_cold, exported_with_solo) = soloed(&cold);
    assert!(heard[0].iter().any(|sample| sample.abs() > 0.01), "it is heard");
    assert!(heard[0] != all[0][..CLIP_FRAMES as usize], "alone");
    assert!(heard == heard_of_cold && exported == exported_with_solo);
}
