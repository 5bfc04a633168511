//! Positions as a person reads them: "2:21.406" and "57.3.2".

use session::model::Tempo;

/// Minutes, seconds and milliseconds of a frame: "2:21.406", from an hour on "1:02:21.406".
pub fn clock(frame: u64, rate_hz: u32) -> String {
    let millis = millis_of(frame, rate_hz);
    format!("{}.{:03}", minutes(millis / 1000), millis % 1000)
}

/// Minutes and whole seconds: "0:12".
pub fn short(frame: u64, rate_hz: u32) -> String {
    minutes((millis_of(frame, rate_hz) + 500) / 1000)
}

/// As short as `step_s`, the distance to the neighbouring label, allows without two labels reading the same.
pub fn label(seconds: f64, step_s: f64) -> String {
    let places = if step_s >= 1.0 { 0 } else { (-step_s.log10()).ceil().clamp(1.0, 4.0) as usize };
    let units = 10f64.powi(places as i32);
    let total = (seconds * units).round() as u64;
    let whole = minutes(total / units as u64);
    if places == 0 { whole } else { format!("{whole}.{:0places$}", total % units as u64) }
}

/// Bar, beat and sixteenth of the beat's grid, counted from 1: "57.3.2".
pub fn bars(frame: u64, rate_hz: u32, tempo: &Tempo) -> String {
    let beat = beat_frames(rate_hz, tempo);
    // The nearest frame to a beat's start reads as that beat.
    let beats = (frame as f64 + 0.5) / beat;
    let per_bar = u64::from(tempo.beats.max(1));
    let whole = beats.floor() as u64;
    let quarter_of_beat = ((beats - beats.floor()) * 4.0) as u64;
    format!("{}.{}.{}", whole / per_bar + 1, whole % per_bar + 1, quarter_of_beat + 1)
}

/// Frames of one beat.
pub fn beat_frames(rate_hz: u32, tempo: &Tempo) -> f64 {
    let quarter = f64::from(rate_hz) * 60.0 / f64::from(tempo.bpm).clamp(20.0, 400.0);
    quarter * 4.0 / f64::from(tempo.beat_unit.max(1))
}

/// Frames of one bar.
pub fn bar_frames(rate_hz: u32, tempo: &Tempo) -> f64 {
    beat_frames(rate_hz, tempo) * f64::from(tempo.beats.max(1))
}

fn millis_of(frame: u64, rate_hz: u32) -> u64 {
    (u128::from(frame) * 1000 / u128::from(rate_hz.max(1))) as u64
}

fn minutes(seconds: u64) -> String {
    let (hours, rest) = (seconds / 3600, seconds % 3600);
    if hours > 0 { format!("{hours}:{:02}:{:02}", rest / 60, rest % 60) } else { format!("{}:{:02}", rest / 60, rest % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_reads_as_minutes_seconds_and_milliseconds() {
        assert_eq!(clock(0, 48_000), "0:00.000");
        assert_eq!(clock(141_406 * 48, 48_000), "2:21.406");
        assert_eq!(clock(3_741_000 * 48, 48_000), "1:02:21.000");
        assert_eq!(short(12 * 44_100 - 1, 44_100), "0:12");
    }

    #[test]
    fn bars_and_beats_count_from_one_and_do_not_slip_at_odd_tempos() {
        let tempo = Tempo { bpm: 96.0, beats: 4, beat_unit: 4 };
        assert_eq!(bars(0, 48_000, &tempo), "1.1.1");
        assert_eq!(bars(30_000, 48_000, &tempo), "1.2.1");
        assert_eq!(bars(120_000, 48_000, &tempo), "2.1.1");
        let odd = Tempo { bpm: 127.3, beats: 3, beat_unit: 8 };
        for bar in 0..500 {
            let frame = (bar as f64 * bar_frames(44_100, &odd)).round() as u64;
            assert_eq!(bars(frame, 44_100, &odd), format!("{}.1.1", bar + 1));
        }
    }

    #[test]
    fn labels_have_as_many_places_as_their_step_needs() {
        assert_eq!(label(75.0, 15.0), "1:15");
        assert_eq!(label(0.5, 0.5), "0:00.5");
        assert_eq!(label(61.25, 0.05), "1:01.25");
        assert_eq!(label(59.999_999, 1.0), "1:00");
    }
}
