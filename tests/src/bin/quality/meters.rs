//! The meters, by the signals of EBU Tech 3341 and 3342.

use dsp::meters::proof::{CASES, prove};

use super::{Figure, RATE_HZ};

/// Each case's greatest distance from what must be read; a distance upwards counts against the upper limit.
pub fn figures() -> Vec<Figure> {
    let of_case = |case| {
        prove(case, RATE_HZ).into_iter().map(move |proof| {
            let error = proof.read - proof.expected;
            let limit = if error > 0.0 { case.above } else { case.below };
            Figure::new(format!("EBU {}: {}", case.name, proof.reading.name().to_lowercase()), error.abs(), limit, "LU")
        })
    };
    CASES.iter().flat_map(of_case).collect()
}
