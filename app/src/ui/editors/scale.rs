//! Where frequencies and gains stand in the pictures of editors, as parts of their width and height.

/// The picture's left end.
pub const LOWEST_HZ: f64 = 10.0;
/// The picture's right end.
pub const HIGHEST_HZ: f64 = 30_000.0;
/// The picture's upper and lower end, unless the curve goes beyond.
pub const NARROW_DB: f64 = 15.0;
/// The same when it does.
pub const WIDE_DB: f64 = 33.0;
/// Room for the frequencies' names, under everything that is drawn.
pub const FOOT_PX: f64 = 16.0;
/// Frequencies that are named.
pub const NAMED_HZ: [(f64, &str); 10] = [
    (20.0, "20"),
    (50.0, "50"),
    (100.0, "100"),
    (200.0, "200"),
    (500.0, "500"),
    (1_000.0, "1k"),
    (2_000.0, "2k"),
    (5_000.0, "5k"),
    (10_000.0, "10k"),
    (20_000.0, "20k"),
];

/// A frequency's place from 0 to 1.
pub fn across(hz: f64) -> f64 {
    ((hz / LOWEST_HZ).ln() / (HIGHEST_HZ / LOWEST_HZ).ln()).clamp(0.0, 1.0)
}

/// The frequency at a place from 0 to 1.
pub fn hz_at(across: f64) -> f64 {
    LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ).powf(across)
}

/// Names of the twelve notes.
const NOTES: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B"];

/// The nearest note of the tempered scale at A4 = 440 Hz: "E7".
pub fn note_name(hz: f64) -> String {
    let number = (69.0 + 12.0 * (hz / 440.0).log2()).round() as i32;
    format!("{}{}", NOTES[number.rem_euclid(12) as usize], number.div_euclid(12) - 1)
}

/// A gain's place from 0 at the top to 1, in a picture that reaches `span_db` up and down.
pub fn down(db: f64, span_db: f64) -> f64 {
    0.5 - db / span_db / 2.0
}

/// The gain at a place from 0 at the top to 1.
pub fn db_at(down: f64, span_db: f64) -> f64 {
    (0.5 - down) * 2.0 * span_db
}

/// How far the picture reaches: wide when any of these gains would not fit.
pub fn span_db(gains_db: impl IntoIterator<Item = f32>) -> f64 {
    let largest = gains_db.into_iter().map(f32::abs).fold(0.0, f32::max);
    if f64::from(largest) > NARROW_DB - 1.0 { WIDE_DB } else { NARROW_DB }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_value_are_inverse() {
        for hz in [10.0, 85.0, 1_000.0, 30_000.0] {
            assert!((hz_at(across(hz)) - hz).abs() < hz * 1e-9);
        }
        for db in [-12.0, 0.0, 6.5] {
            assert!((db_at(down(db, NARROW_DB), NARROW_DB) - db).abs() < 1e-9);
        }
    }

    #[test]
    fn notes_are_named_as_a_piano_names_them() {
        assert_eq!(note_name(440.0), "A4");
        assert_eq!(note_name(261.6), "C4");
        assert_eq!(note_name(2_700.0), "E7");
    }

    #[test]
    fn the_picture_widens_only_for_gains_that_would_leave_it() {
        assert_eq!(span_db([3.0, -12.0]), NARROW_DB);
        assert_eq!(span_db([-18.0]), WIDE_DB);
    }
}
