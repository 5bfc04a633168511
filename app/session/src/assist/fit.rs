//! Gains of equalizer bands that together come nearest to a curve: least squares by Gauss and Newton's method, because the curve of a band is
//! nearly, not exactly, its gain times a shape.

use super::tone::Band;

/// Steps: three bring it within a hundredth of a decibel.
const STEPS: usize = 4;
/// By how much a band is nudged to see what it does, dB.
const NUDGE_DB: f64 = 0.5;

/// What is to be come near to.
pub struct Goal<'a> {
    /// dB at each place of the curve; levels are relative, so a constant more or less has no say.
    pub wanted: &'a [f64],
    /// How much each place counts.
    pub weights: &'a [f64],
    /// No band does more.
    pub limit_db: f64,
    /// Keeps neighbouring bands from pulling against each other, relative to the sum of the weights.
    pub ridge: f64,
}

impl Goal<'_> {
    /// The gains of bands like these, whose curves add up.
    pub fn gains(&self, bands: &[Band], curve: impl Fn(&Band) -> Vec<f64>) -> Vec<f64> {
        let mut gains = vec![0.0; bands.len()];
        for _ in 0..STEPS {
            let steps = self.step(bands, &gains, &curve);
            gains.iter_mut().zip(steps).for_each(|(gain, step)| *gain = (*gain + step).clamp(-self.limit_db, self.limit_db));
        }
        gains
    }

    /// The step of the gains that takes most of what is missing away.
    fn step(&self, bands: &[Band], gains: &[f64], curve: impl Fn(&Band) -> Vec<f64>) -> Vec<f64> {
        let mut missing = self.wanted.to_vec();
        let mut columns: Vec<Vec<f64>> = Vec::with_capacity(bands.len() + 1);
        for (band, gain) in bands.iter().zip(gains) {
            let [now, up] = [*gain, gain + NUDGE_DB].map(|gain_db| curve(&Band { gain_db, ..*band }));
            missing.iter_mut().zip(&now).for_each(|(missing, now)| *missing -= now);
            columns.push(up.iter().zip(&now).map(|(up, now)| (up - now) / NUDGE_DB).collect());
        }
        columns.push(vec![1.0; self.wanted.len()]);
        let held = self.ridge * self.weights.iter().sum::<f64>();
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).zip(self.weights).map(|((a, b), weight)| weight * a * b).sum::<f64>();
        let row = |at: usize| {
            let mut row: Vec<f64> = columns.iter().map(|other| product(&columns[at], other)).collect();
            // The ridge holds the whole gain small, not the step alone; the constant is free.
            let (ridge, pull) = gains.get(at).map_or((0.0, 0.0), |gain| (held, held * gain));
            row[at] += ridge;
            row.push(product(&columns[at], &missing) - pull);
            row
        };
        let mut solved = solve((0..columns.len()).map(row).collect());
        solved.truncate(bands.len());
        solved
    }
}

/// Gauss-Jordan elimination with the largest pivot; the last number of a row is its right side, and a row without a pivot is left out.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let size = rows.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())).unwrap_or(column);
        rows.swap(column, pivot);
        let lead = rows[column][column];
        if lead.abs() < 1e-12 {
            continue;
        }
        rows[column].iter_mut().for_each(|cell| *cell /= lead);
        let pivot_row = rows[column].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != column) {
            let factor = row[column];
            row.iter_mut().zip(&pivot_row).for_each(|(cell, pivot)| *cell -= factor * pivot);
        }
    }
    rows.into_iter().map(|row| row.last().copied().unwrap_or(0.0)).collect()
}
