//! A pair of gains that a node applies to its channels: straight lines over each grain, exact when at rest.

use super::ramp::Ramp;

/// Gains of left and right, gliding from what they were to what they are given.
#[derive(Clone, Debug, Default)]
pub struct GainPair {
    now: [f32; 2],
    target: [f32; 2],
}

impl GainPair {
    /// Where the coming stretch ends.
    pub fn set(&mut self, gains: [f32; 2]) {
        self.target = gains;
    }

    /// At its target at once.
    pub fn snap(&mut self) {
        self.now = self.target;
    }

    /// Changes a stretch in place and is at its target afterwards.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        glide(left, self.now[0], self.target[0]);
        glide(right, self.now[1], self.target[1]);
        self.now = self.target;
    }

    /// The same on the way from one place (left, right) to another.
    pub fn carry(&mut self, from: [&mut [f32]; 2], to: [&mut [f32]; 2]) {
        for ((from, to), (now, target)) in from.into_iter().zip(to).zip(self.now.into_iter().zip(self.target)) {
            if now == target {
                for (to, from) in to.iter_mut().zip(from) {
                    *to = *from * target;
                }
            } else {
                glide(from, now, target);
                to.copy_from_slice(from);
            }
        }
        self.now = self.target;
    }
}

fn glide(samples: &mut [f32], from: f32, to: f32) {
    if from == to {
        if to != 1.0 {
            samples.iter_mut().for_each(|sample| *sample *= to);
        }
        return;
    }
    let step = (to - from) / samples.len() as f32;
    for (frame, sample) in samples.iter_mut().enumerate() {
        *sample *= from + step * (frame + 1) as f32;
    }
}

/// Multiplies a stretch by a ramp; at rest at 1 it changes nothing.
pub fn apply_ramp(ramp: &mut Ramp, left: &mut [f32], right: &mut [f32]) {
    if ramp.rests_at(1.0) {
        return;
    }
    for (left, right) in left.iter_mut().zip(right) {
        let gain = ramp.tick();
        *left *= gain;
        *right *= gain;
    }
}
