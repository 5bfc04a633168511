//! Hashes of renders, to be compared between builds: every processor with its presets, and a whole song through the engine.

use dsp::processors::{MAX_FRAMES, SPECS, Stereo};
use session::compile::Purpose;
use session::model::Range;
use sha2::{Digest, Sha256};

use super::RATE_HZ;
use super::example::{SECONDS, example};
use super::render::{Pace, render_to_memory};
use super::support::{Clip, made};

/// Frames that a processor is given, in calls of a length that no loop is unrolled to.
const FRAMES: usize = 48_000;
const CALL_FRAMES: usize = 500;

/// Each render's name and the hash of its bits.
pub fn hashes() -> Vec<(String, String)> {
    let mut clip = Clip::noise(FRAMES / 2, 0.5, 17);
    clip.append(&Clip::sine(FRAMES / 2, RATE_HZ, 997.0, 0.7));
    let mut hashes = Vec::new();
    for spec in SPECS {
        for preset in spec.presets {
            let mut processor = made(spec.id, RATE_HZ, preset.values);
            let mut out = clip.clone();
            for (left, right) in out.left.chunks_mut(CALL_FRAMES.min(MAX_FRAMES)).zip(out.right.chunks_mut(CALL_FRAMES.min(MAX_FRAMES))) {
                processor.process(Stereo { left, right }, None);
            }
            hashes.push((format!("{}, {}", spec.name, preset.name), hash(&[out.left, out.right])));
        }
    }
    let (session, id, mut samples) = example(RATE_HZ as u32);
    let song = session.song(id).unwrap_or_else(|| panic!("the song is gone"));
    let range = Range { start: 0, end: u64::from(SECONDS) * RATE_HZ as u64 };
    let out = render_to_memory((&session, song, range), Purpose::Export, &mut samples, Pace::default());
    hashes.push(("A song with every processor".into(), hash(&out.unwrap_or_else(|error| panic!("{error}")))));
    hashes
}

fn hash(channels: &[Vec<f32>]) -> String {
    let mut hasher = Sha256::new();
    channels.iter().flatten().for_each(|sample| hasher.update(sample.to_bits().to_le_bytes()));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
