//! The gains of a strip's fader, pan and width.

use core::f64::consts::FRAC_PI_2;

use crate::units::db_to_gain;

/// Indices of the pan laws in [`super::controls::PAN_LAWS`].
mod law {
    pub const CENTRE_0_DB: usize = 0;
    pub const CENTRE_3_DB: usize = 1;
    pub const CENTRE_4_5_DB: usize = 2;
    pub const CENTRE_6_DB: usize = 3;
}

/// The law of a send's pan, and of strips unless they say otherwise: stereo balance.
pub const BALANCE: usize = 4;

/// Gains of left and right at a pan from −100 to 100. Every law has the near side at unity at either end; they differ in the centre.
pub fn pan_gains(pan: f32, law: usize) -> [f64; 2] {
    let course = (f64::from(pan) / 100.0 + 1.0) / 2.0;
    [side_gain(1.0 - course, law), side_gain(course, law)]
}

/// The gain of a side where 0 is far from it and 1 at it.
fn side_gain(course: f64, law: usize) -> f64 {
    let sine = libm::sin(FRAC_PI_2 * course);
    match law {
        law::CENTRE_0_DB => libm::sin(FRAC_PI_2 * (2.0 * course).min(1.0)),
        law::CENTRE_3_DB => sine,
        law::CENTRE_4_5_DB => libm::sqrt(sine * course),
        law::CENTRE_6_DB => course,
        _ => (2.0 * course).min(1.0),
    }
}

/// Fader and pan together, for left and right.
pub fn fader_gains(volume_db: f32, pan: f32, law: usize) -> [f32; 2] {
    let gain = db_to_gain(f64::from(volume_db));
    pan_gains(pan, law).map(|side| (side * gain) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::STRIP_PARAMS;
    use crate::engine::strip_param::PAN_LAW;
    use crate::params::Unit;
    use crate::units::gain_to_db;

    #[test]
    fn each_law_has_its_level_in_the_centre_and_unity_at_the_near_end() {
        for (law, centre_db) in [0.0, -3.0103, -4.5154, -6.0206, 0.0].into_iter().enumerate() {
            let centre = pan_gains(0.0, law);
            assert!((gain_to_db(centre[0]) - centre_db).abs() < 1e-3, "law {law}: {centre:?}");
            assert!((centre[0] - centre[1]).abs() < 1e-12);
            let left = pan_gains(-100.0, law);
            assert!((left[0] - 1.0).abs() < 1e-12 && left[1].abs() < 1e-12, "law {law}: {left:?}");
        }
    }

    #[test]
    fn balance_and_unity_change_no_bit() {
        assert_eq!(fader_gains(0.0, 0.0, BALANCE), [1.0, 1.0]);
        assert_eq!(fader_gains(-144.0, 0.0, BALANCE), [0.0, 0.0]);
    }

    #[test]
    fn the_declared_default_law_is_balance() {
        let Unit::Choice(words) = STRIP_PARAMS[PAN_LAW].unit else { panic!("a choice") };
        assert_eq!(words[BALANCE], "Balance");
        assert_eq!(STRIP_PARAMS[PAN_LAW].default, BALANCE as f32);
    }
}
