//! The swing of a source between two frames, from its pyramid of peaks.

use session::worker::{PEAK_STEP, PEAK_VALUES, PeaksData};

use super::wave::Column;

/// What a peak's number is at full scale.
const FULL_SCALE: f32 = 32_767.0;

/// The swing between two frames at the source's own rate, all channels together; `None` outside the source or without peaks.
pub fn column(peaks: &PeaksData, from: f64, to: f64) -> Option<Column> {
    let channels = usize::from(peaks.channels.max(1));
    if from < 0.0 || from >= peaks.frames as f64 || peaks.levels.is_empty() {
        return None;
    }
    let (level, peak_frames) = level_for(peaks, to - from);
    let numbers = &peaks.levels[level];
    let count = numbers.len() / (channels * PEAK_VALUES);
    let first = ((from / peak_frames) as usize).min(count.checked_sub(1)?);
    let after = ((to / peak_frames).ceil() as usize).clamp(first + 1, count);
    let mut column = Column { min: f32::INFINITY, max: f32::NEG_INFINITY, ..Column::default() };
    let mut power = 0.0;
    for peak in numbers[first * channels * PEAK_VALUES..after * channels * PEAK_VALUES].chunks_exact(PEAK_VALUES) {
        column.min = column.min.min(f32::from(peak[0]) / FULL_SCALE);
        column.max = column.max.max(f32::from(peak[1]) / FULL_SCALE);
        power += (f32::from(peak[2]) / FULL_SCALE).powi(2);
    }
    column.rms = (power / ((after - first) * channels) as f32).sqrt();
    Some(column)
}

/// The coarsest level that still has a peak for every `frames`, and the frames of one of its peaks.
fn level_for(peaks: &PeaksData, frames: f64) -> (usize, f64) {
    let mut level = 0;
    let mut peak_frames = f64::from(peaks.base_frames);
    while level + 1 < peaks.levels.len() && peak_frames * f64::from(PEAK_STEP) <= frames {
        level += 1;
        peak_frames *= f64::from(PEAK_STEP);
    }
    (level, peak_frames)
}

#[cfg(test)]
mod tests {
    use session::worker::PEAK_BASE_FRAMES;

    use super::*;

    /// 4096 frames, mono: silent but for a spike in the peak that holds frame 1000.
    fn spiky() -> PeaksData {
        let fine = 4096 / PEAK_BASE_FRAMES as usize;
        let peaks = |count: usize, at: usize| {
            (0..count).flat_map(|peak| if peak == at { [-16_384, 32_767, 8_192] } else { [0, 0, 0] }).collect::<Vec<i16>>()
        };
        let levels = vec![peaks(fine, 15), peaks(fine / 4, 3), peaks(fine / 16, 0)];
        PeaksData { channels: 1, rate_hz: 48_000, frames: 4096, base_frames: PEAK_BASE_FRAMES, levels }
    }

    #[test]
    fn a_spike_is_seen_at_every_scale() {
        for width in [1.0, 64.0, 300.0, 1500.0, 4000.0] {
            let column = column(&spiky(), 1000.0_f64.min(4096.0 - width), 1000.0_f64.min(4096.0 - width) + width).expect("inside");
            assert_eq!(column.max, 1.0, "{width} frames wide");
        }
    }

    #[test]
    fn beside_the_spike_there_is_silence() {
        assert_eq!(column(&spiky(), 2000.0, 2064.0), Some(Column::default()));
        assert_eq!(column(&spiky(), 4096.0, 4200.0), None);
        assert_eq!(column(&PeaksData::default(), 0.0, 10.0), None);
    }

    #[test]
    fn both_channels_are_in_one_picture() {
        let stereo = PeaksData {
            channels: 2,
            rate_hz: 48_000,
            frames: 64,
            base_frames: PEAK_BASE_FRAMES,
            levels: vec![vec![-3_277, 3_277, 0, -32_767, 16_384, 32_767]],
        };
        let column = column(&stereo, 0.0, 10.0).expect("inside");
        assert_eq!((column.min, column.max), (-1.0, 16_384.0 / FULL_SCALE));
        assert!((column.rms - 0.5f32.sqrt()).abs() < 1e-3);
    }
}
