//! The meters, by the signals of EBU Tech 3341 and 3342 and against the `ebur128` crate.

use dsp::meters::proof::{CASES, Reading, prove};
use dsp::meters::{Loudness, MasterMeter, SURROUND_5_0};
use dsp::units::gain_to_db;
use ebur128::{EbuR128, Mode};

use super::signal::sine;
use super::support::Clip;
use super::{Figure, RATE_HZ, music};

/// All of them.
pub fn figures() -> Vec<Figure> {
    let mut figures: Vec<Figure> = CASES.iter().flat_map(of_case).collect();
    figures.push(surround());
    figures.extend(agreement("the demo song", &music::excerpt(), RATE_HZ));
    figures
}

/// Each reading's greatest distance from what must be read; a distance upwards counts against the upper limit.
fn of_case(case: &dsp::meters::proof::Case) -> Vec<Figure> {
    let figure = |proof: dsp::meters::proof::Proof| {
        let error = proof.read - proof.expected;
        let limit = if error > 0.0 { case.above } else { case.below };
        let unit = if proof.reading == Reading::TruePeak { "dB" } else { "LU" };
        Figure::new(format!("EBU {}: {}", case.name, proof.reading.name().to_lowercase()), error.abs(), limit, unit)
    };
    prove(case, RATE_HZ).into_iter().map(figure).collect()
}

/// Case 6 of 3341, the only one with five channels.
fn surround() -> Figure {
    let [front, centre, surround] =
        [-28.0, -24.0, -30.0].map(|level_db| sine(20 * RATE_HZ as usize, 1_000.0, dsp::units::db_to_gain(level_db)));
    let silence = vec![0.0; front.len()];
    let mut meter = Loudness::new(RATE_HZ, SURROUND_5_0);
    meter.process([[&front, &front], [&centre, &silence], [&surround, &surround]]);
    Figure::new("EBU 3341-6: integrated", (meter.integrated_lufs() + 23.0).abs(), 0.1, "LU")
}

/// The crate takes one window a second; ten of it, each begun a tenth later, take the ten a second that EBU Tech 3342 asks for.
fn their_range(clip: &Clip, rate_hz: f64) -> Result<f64, ebur128::Error> {
    const WINDOWS: usize = 10;
    let later = |tenth: usize| {
        let mut meter = EbuR128::new(2, rate_hz as u32, Mode::LRA)?;
        let start = (tenth * rate_hz as usize / WINDOWS).min(clip.frames());
        meter.add_frames_planar_f32(&[&clip.left[start..], &clip.right[start..]])?;
        Ok(meter)
    };
    let meters = (0..WINDOWS).map(later).collect::<Result<Vec<EbuR128>, ebur128::Error>>()?;
    EbuR128::loudness_range_multiple(meters.iter())
}

/// Integrated loudness, range and true peak of music, ours against the crate's.
pub fn agreement(name: &str, clip: &Clip, rate_hz: f64) -> Vec<Figure> {
    let mut ours = MasterMeter::new(rate_hz);
    ours.process(&clip.left, &clip.right);
    let theirs = EbuR128::new(2, rate_hz as u32, Mode::I | Mode::TRUE_PEAK).and_then(|mut theirs| {
        theirs.add_frames_planar_f32(&[&clip.left, &clip.right])?;
        let peak = theirs.true_peak(0)?.max(theirs.true_peak(1)?);
        Ok([theirs.loudness_global()?, their_range(clip, rate_hz)?, gain_to_db(peak)])
    });
    let [integrated, range, peak] = theirs.unwrap_or_else(|error| panic!("ebur128: {error}"));
    let figure = |what: &str, ours: f64, theirs: f64, limit, unit| {
        Figure::new(format!("Against the ebur128 crate, {name}: {what}"), (ours - theirs).abs(), limit, unit)
    };
    vec![
        figure("integrated", ours.integrated_lufs(), integrated, 0.01, "LU"),
        figure("range", ours.range_lu(), range, 0.05, "LU"),
        figure("true peak", gain_to_db(f64::from(ours.true_peak_max())), peak, 0.05, "dB"),
    ]
}
