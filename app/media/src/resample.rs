//! A source at another rate: rubato's FFT resampler in double precision, its delay taken away, its length exact.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, WindowFunction};
use session::worker::frames_at_rate;

/// Shortest transform in frames, at the lower of both rates: the passband reaches to 99.5 % of its half.
const SHORTEST_TRANSFORM: usize = 4096;

/// A sample as it goes in or comes out: a stored float, or a double where the resampler itself is judged.
pub trait Sample: Copy + Into<f64> {
    /// The nearest one.
    fn nearest(value: f64) -> Self;
}

impl Sample for f32 {
    fn nearest(value: f64) -> Self {
        value as f32
    }
}

impl Sample for f64 {
    fn nearest(value: f64) -> Self {
        value
    }
}

/// Resamples interleaved frames.
pub struct Resampler {
    fft: Fft<f64>,
    channels: usize,
    from_hz: u32,
    to_hz: u32,
    input: Vec<f64>,
    output: Vec<f64>,
    /// Frames of the delay that are still to be thrown away.
    skip: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// `None` when the rates cannot be brought together.
    pub fn new(from_hz: u32, to_hz: u32, channels: u16) -> Option<Self> {
        let (from, to, channels) = (from_hz as usize, to_hz as usize, usize::from(channels));
        let divisor = greatest_divisor(from, to);
        let shorter = from.min(to) / divisor;
        // Even, so that the filter's centre lies on a frame at both rates.
        let blocks = SHORTEST_TRANSFORM.div_ceil(shorter).next_multiple_of(2);
        let chunk = from / divisor * blocks;
        let fft = Fft::new_custom(from, to, chunk, 1, channels, WindowFunction::BlackmanHarris2, FixedSync::Both).ok()?;
        let skip = fft.output_delay();
        Some(Self { fft, channels, from_hz, to_hz, input: Vec::new(), output: Vec::new(), skip, taken: 0, given: 0 })
    }

    /// Takes interleaved frames and appends what comes of them.
    pub fn push<In: Sample, Out: Sample>(&mut self, interleaved: &[In], into: &mut Vec<Out>) {
        self.taken += (interleaved.len() / self.channels) as u64;
        self.input.extend(interleaved.iter().map(|sample| (*sample).into()));
        self.run(into);
    }

    /// Appends what is left: exactly as many frames as the source has at the other rate.
    pub fn finish<Out: Sample>(&mut self, into: &mut Vec<Out>) {
        let total = frames_at_rate(self.taken, self.from_hz, self.to_hz);
        while self.given < total {
            let chunk = self.fft.input_frames_next() * self.channels;
            let silence = chunk - self.input.len() % chunk;
            self.input.resize(self.input.len() + silence, 0.0);
            let before = into.len();
            self.run(into);
            let over = self.given.saturating_sub(total) as usize * self.channels;
            into.truncate(into.len().saturating_sub(over).max(before));
            self.given = self.given.min(total);
        }
    }

    fn run<Out: Sample>(&mut self, into: &mut Vec<Out>) {
        let chunk = self.fft.input_frames_next();
        let mut done = 0;
        while self.input.len() - done >= chunk * self.channels {
            let frames = self.fft.output_frames_next();
            self.output.resize(frames * self.channels, 0.0);
            let from = &self.input[done..done + chunk * self.channels];
            let adapters = InterleavedSlice::new(from, self.channels, chunk)
                .ok()
                .zip(InterleavedSlice::new_mut(&mut self.output, self.channels, frames).ok());
            let Some((from, mut to)) = adapters else { return };
            let made = self.fft.process_into_buffer(&from, &mut to, None::<&Indexing>).map_or(0, |(_, made)| made);
            done += chunk * self.channels;
            let skipped = self.skip.min(made);
            self.skip -= skipped;
            self.given += (made - skipped) as u64;
            into.extend(self.output[skipped * self.channels..made * self.channels].iter().map(|sample| Out::nearest(*sample)));
        }
        self.input.drain(..done);
    }
}

fn greatest_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
