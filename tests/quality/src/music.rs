//! Music to measure on that every machine has: the demo song's stems, summed.

use media::demo::STEMS;
use media::demo::score::SONG_FRAMES;

use super::RATE_HZ;
use super::signal::resampled;
use super::support::Clip;

/// The last verse and the last chorus, to the end.
const FROM_S: f64 = 56.0;
/// Converters and coders leave nothing above; the demo song's noises reach to half of the rate.
const HIGHEST_HZ: f64 = 20_000.0;

/// As loud as the sum is.
pub fn excerpt() -> Clip {
    let range = (FROM_S * RATE_HZ) as usize..SONG_FRAMES;
    let mut clip = Clip::silence(range.len());
    for stem in STEMS {
        let planes = (stem.render)();
        for (side, out) in [&mut clip.left, &mut clip.right].into_iter().enumerate() {
            let plane = &planes[side.min(planes.len() - 1)][range.clone()];
            out.iter_mut().zip(plane).for_each(|(sum, sample)| *sum += 0.3 * sample);
        }
    }
    for side in [&mut clip.left, &mut clip.right] {
        *side = resampled(side, HIGHEST_HZ, 1).into_iter().map(|sample| sample as f32).collect();
    }
    fade(&mut clip);
    clip
}

/// Lets both ends begin from silence: a cut has peaks of its own between its samples.
pub fn fade(clip: &mut Clip) {
    const EDGE_FRAMES: usize = 4_096;
    let frames = clip.frames();
    for side in [&mut clip.left, &mut clip.right] {
        for (at, sample) in side.iter_mut().enumerate() {
            let edge = (at.min(frames - 1 - at) as f32 / EDGE_FRAMES as f32).min(1.0);
            *sample *= edge * edge;
        }
    }
}
