//! A file of another rate than the song's, brought in alone: one worker decodes it, another makes its twin, and the export has what the
//! resampler makes of it.

use media::resample::Resampler;
use tests::fixtures::{Depth, Fixtures, noise};
use tests::in_both_browsers;
use tests::page::Page;
use tests::sound::WORK;
use tests::wav::Wav;

const SONG_HZ: u32 = 48_000;
const FILE_HZ: u32 = 44_100;
/// Long enough for many pieces between the workers.
const SECONDS: usize = 20;
/// Float transforms in another order on another machine.
const TOLERANCE: f32 = 1e-6;

in_both_browsers!(a_file_of_another_rate_sounds_as_the_resampler_makes_it, async |page: &Page| {
    let fixtures = Fixtures::new();
    let silence = fixtures.wav("Silence.wav", SONG_HZ, Depth::Int16, &[vec![0.0; SONG_HZ as usize]]);
    let sides = [1, 2].map(|seed| noise(seed, SECONDS * FILE_HZ as usize));
    let late = fixtures.wav("Late.wav", FILE_HZ, Depth::Float32, &sides);
    for (file, name) in [(silence, "Silence"), (late, "Late")] {
        page.add_audio(&[file]).await;
        page.get_within(&[("group", name)], WORK).await;
    }
    let path = page.export("32 bit float", "None").await;
    let found = Wav::read(&path);
    std::fs::remove_file(path).expect("the download can be removed");

    let interleaved: Vec<f32> = sides[0].iter().zip(&sides[1]).flat_map(|(left, right)| [*left, *right]).collect();
    let mut resampler = Resampler::new(FILE_HZ, SONG_HZ, 2).expect("rates that can be brought together");
    let mut expected: Vec<f32> = Vec::new();
    resampler.push(&interleaved, &mut expected);
    resampler.finish(&mut expected);
    assert_eq!((found.rate_hz, found.samples.len()), (SONG_HZ, expected.len()));
    for (at, (found, expected)) in found.samples.iter().zip(&expected).enumerate() {
        assert!((found - expected).abs() < TOLERANCE, "sample {at}: {found} and not {expected}");
    }
});
