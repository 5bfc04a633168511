//! The pyramid of peaks: lowest, highest and root mean square of 64 frames, then of four of those, and so on, built while a source is written.
//!
//! In the file the levels lie one after the other, finest first; how many there are follows from the number of frames.

use session::worker::{PEAK_BASE_FRAMES, PEAK_STEP, PEAK_VALUES, PeaksData};

use crate::store::{SourceMeta, SourceReader, StoreError};

/// A level with no more peaks than this is the last.
const COARSEST_PEAKS: u64 = 16;
/// Numbers that are given to the page at most: finer levels are left out of long sources.
const LARGEST_ANSWER: u64 = 3 << 20;
/// Frames of a close-up that are given to the page at most.
const MOST_CLOSE_FRAMES: u32 = 1 << 16;
/// Full scale.
const FULL_SCALE: f32 = 32_767.0;

/// Peaks of each level for so many frames, finest first.
fn levels(frames: u64) -> Vec<u64> {
    let mut peaks = frames.div_ceil(u64::from(PEAK_BASE_FRAMES));
    let mut levels = vec![peaks];
    while peaks > COARSEST_PEAKS {
        peaks = peaks.div_ceil(u64::from(PEAK_STEP));
        levels.push(peaks);
    }
    levels
}

#[derive(Clone, Copy)]
struct Peak {
    low: f32,
    high: f32,
    squares: f64,
    frames: u64,
}

impl Peak {
    const EMPTY: Self = Self { low: f32::INFINITY, high: f32::NEG_INFINITY, squares: 0.0, frames: 0 };

    fn add(&mut self, other: &Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.squares += other.squares;
        self.frames += other.frames;
    }

    fn to_values(self) -> [i16; PEAK_VALUES] {
        let rms = (self.squares / self.frames.max(1) as f64).sqrt() as f32;
        // A cast of a float saturates, so what is over full scale is drawn at full scale.
        let scale = |value: f32| ((value * FULL_SCALE).round() as i16).max(-i16::MAX);
        [scale(self.low), scale(self.high), scale(rms)]
    }
}

/// Samples that are looked at side by side; a whole number of frames, as one and two channels are all that is kept.
const LANES: usize = 4;

/// What is lowest, highest and summed in each lane. At most a peak's worth of samples goes in, so floats are enough for the sum.
struct Lanes {
    low: [f32; LANES],
    high: [f32; LANES],
    squares: [f32; LANES],
}

impl Lanes {
    fn of(interleaved: &[f32]) -> Self {
        let mut lanes = Self { low: [f32::INFINITY; LANES], high: [f32::NEG_INFINITY; LANES], squares: [0.0; LANES] };
        let (whole, rest) = interleaved.as_chunks::<LANES>();
        whole.iter().for_each(|samples| lanes.add(samples));
        lanes.add(rest);
        lanes
    }

    /// Comparisons, because a call of `min` is a call in WebAssembly.
    fn add(&mut self, samples: &[f32]) {
        for (lane, sample) in samples.iter().enumerate() {
            self.low[lane] = if *sample < self.low[lane] { *sample } else { self.low[lane] };
            self.high[lane] = if *sample > self.high[lane] { *sample } else { self.high[lane] };
            self.squares[lane] += sample * sample;
        }
    }

    /// A channel's peak over so many frames.
    fn peak(&self, channel: usize, channels: usize, frames: u32) -> Peak {
        let mut peak = Peak { frames: u64::from(frames), ..Peak::EMPTY };
        for lane in (channel..LANES).step_by(channels) {
            peak.low = peak.low.min(self.low[lane]);
            peak.high = peak.high.max(self.high[lane]);
            peak.squares += f64::from(self.squares[lane]);
        }
        peak
    }
}

/// One level while it is built: a peak per channel, and how many of the finer level are in it.
struct Level {
    open: Vec<Peak>,
    parts: u32,
    done: Vec<i16>,
}

/// Builds the pyramid from interleaved frames.
pub struct PeaksBuilder {
    channels: usize,
    frames: u64,
    levels: Vec<Level>,
}

impl PeaksBuilder {
    /// For so many channels.
    pub fn new(channels: u16) -> Self {
        Self { channels: usize::from(channels), frames: 0, levels: Vec::new() }
    }

    /// Takes interleaved samples in.
    pub fn push(&mut self, interleaved: &[f32]) {
        let mut rest = &interleaved[..interleaved.len() / self.channels * self.channels];
        while !rest.is_empty() {
            let level = self.level(0);
            let frames = (PEAK_BASE_FRAMES - level.parts).min((rest.len() / level.open.len()) as u32);
            let (now, later) = rest.split_at(frames as usize * level.open.len());
            let (lanes, channels) = (Lanes::of(now), level.open.len());
            for (channel, open) in level.open.iter_mut().enumerate() {
                open.add(&lanes.peak(channel, channels, frames));
            }
            level.parts += frames;
            if level.parts == PEAK_BASE_FRAMES {
                self.close(0);
            }
            self.frames += u64::from(frames);
            rest = later;
        }
    }

    fn level(&mut self, level: usize) -> &mut Level {
        if level == self.levels.len() {
            self.levels.push(Level { open: vec![Peak::EMPTY; self.channels], parts: 0, done: Vec::new() });
        }
        &mut self.levels[level]
    }

    fn add(&mut self, level: usize, peaks: &[Peak]) {
        let this = self.level(level);
        for (open, peak) in this.open.iter_mut().zip(peaks) {
            open.add(peak);
        }
        this.parts += 1;
        if this.parts == PEAK_STEP {
            self.close(level);
        }
    }

    fn close(&mut self, level: usize) {
        let this = &mut self.levels[level];
        let closed = std::mem::replace(&mut this.open, vec![Peak::EMPTY; self.channels]);
        this.parts = 0;
        this.done.extend(closed.iter().flat_map(|peak| peak.to_values()));
        self.add(level + 1, &closed);
    }

    /// What is finished of the finest level, as bytes; the coarser ones, a third of it, wait for the end.
    pub fn take_finest(&mut self) -> Vec<u8> {
        self.levels.first_mut().map(|level| to_bytes(&std::mem::take(&mut level.done))).unwrap_or_default()
    }

    /// The rest of the file.
    pub fn finish(mut self) -> Vec<u8> {
        let wanted = levels(self.frames).len();
        for level in 0..wanted {
            if self.levels.get(level).is_some_and(|level| level.parts > 0) {
                self.close(level);
            }
        }
        self.levels.iter().take(wanted).flat_map(|level| to_bytes(&level.done)).collect()
    }
}

fn to_bytes(values: &[i16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Every frame of a stretch as a peak of its own, both channels in one: for pictures in which the pyramid's finest peak is wider than a pixel.
///
/// # Errors
/// Whatever the file says.
pub fn close_up(reader: &mut SourceReader, from: u64, frames: u32) -> Result<PeaksData, StoreError> {
    let frames = u64::from(frames.min(MOST_CLOSE_FRAMES)).min(reader.frames().saturating_sub(from));
    let (mut left, mut right) = (vec![0.0; frames as usize], vec![0.0; frames as usize]);
    reader.read(from, &mut left, Some(&mut right))?;
    let peak = |(left, right): (&f32, &f32)| {
        let of = |sample: f32| Peak { low: sample, high: sample, squares: f64::from(sample).powi(2), frames: 1 };
        let mut peak = of(*left);
        peak.add(&of(*right));
        peak.to_values()
    };
    let peaks = left.iter().zip(&right).flat_map(peak).collect();
    Ok(PeaksData { channels: 1, rate_hz: reader.rate_hz(), frames, base_frames: 1, levels: vec![peaks] })
}

/// Reads a pyramid back; the finest levels are left out while there is more than the page should hold.
///
/// # Errors
/// Whatever `read_at` says, or that the file is not whole.
pub fn read(meta: &SourceMeta, read_at: impl Fn(u64, &mut [u8]) -> Result<usize, StoreError>) -> Result<PeaksData, StoreError> {
    let per_peak = u64::from(meta.channels) * PEAK_VALUES as u64;
    let mut data = PeaksData { channels: meta.channels, rate_hz: meta.rate_hz, frames: meta.frames, ..PeaksData::default() };
    let sizes: Vec<u64> = levels(meta.frames).iter().map(|peaks| peaks * per_peak).collect();
    let mut at = 0;
    data.base_frames = PEAK_BASE_FRAMES;
    for (level, values) in sizes.iter().enumerate() {
        let from = at;
        at += values * 2;
        if data.levels.is_empty() && sizes[level..].iter().sum::<u64>() > LARGEST_ANSWER {
            data.base_frames *= PEAK_STEP;
            continue;
        }
        let mut bytes = vec![0; (values * 2) as usize];
        if read_at(from, &mut bytes)? < bytes.len() {
            return Err(StoreError::Broken("The waveform of this source is cut short.".into()));
        }
        data.levels.push(bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect());
    }
    Ok(data)
}
