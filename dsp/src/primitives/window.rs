//! Kaiser's window, by which the sinc filters are cut to length.

use libm::sqrt;

/// Terms of the Bessel function's series; enough for β up to 15.
const TERMS: usize = 40;

/// The window at a place from −1 to 1, not normalised.
pub fn kaiser(beta: f64, place: f64) -> f64 {
    let half = 0.5 * beta * sqrt((1.0 - place * place).max(0.0));
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..TERMS {
        term *= half / n as f64 * (half / n as f64);
        sum += term;
    }
    sum
}
