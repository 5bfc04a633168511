//! Audio for the eye: what passes a point of the engine, for whoever draws it, and nothing while nobody does.
//!
//! How to use it: `studio.sound.tap(TapPoint::BeforeInsert(insert))` gives a [`Tap`] at once, whether audio runs or not; the engine copies
//! from then on, until the tap is dropped. Move it into a drawing of the one frame loop: it ends with its view. In each frame
//! [`Tap::read`] hands out what came since, left and right, in blocks (for a goniometer, a level history); an [`Analyser`] does that for a
//! spectrum: [`Analyser::look`] takes the new sound in (`|_, _| {}` where it is for nothing else), [`Analyser::levels`] gives dB at rows spread evenly over the octaves (the
//! loudest bin of each; a sine reads its peak). `TapPoint::Strip` of the master is the finished mix.
//!
//! Transforms run on the page's thread when a drawing asks, never on the audio thread.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use dsp::meters::spectrum::{Size, Spectrum};
use dsp::protocol::taps::{SLOTS, TapReader, VERSION, total_words};
use dsp::protocol::{Command, PROTOCOL_VERSION, SharedWords, TapPoint};

use super::shared::SharedMemory;

/// One slot that somebody looks through.
struct InUse {
    slot: usize,
    number: u32,
    point: TapPoint,
    taps: Weak<Inner>,
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(taps) = self.taps.upgrade() {
            taps.changes.borrow_mut().push(Command::SetTap { slot: self.slot as u8, number: self.number, point: None });
        }
    }
}

#[derive(Default)]
struct Inner {
    memory: RefCell<Option<SharedMemory>>,
    slots: RefCell<[Weak<InUse>; SLOTS]>,
    changes: RefCell<Vec<Command>>,
    rate_hz: Cell<u32>,
    last_number: Cell<u32>,
}

/// All taps of the page, with or without an engine. Clones are the same.
#[derive(Clone, Default)]
pub struct Taps(Rc<Inner>);

impl Taps {
    /// Looks at a point; those who look at the same one share a slot. When more points are looked at than there are slots, the tap stays silent.
    pub fn tap(&self, point: TapPoint) -> Tap {
        let mut slots = self.0.slots.borrow_mut();
        let shared = slots.iter().filter_map(Weak::upgrade).find(|used| used.point == point);
        let used = shared.or_else(|| {
            let slot = slots.iter().position(|used| used.strong_count() == 0)?;
            let number = self.0.last_number.get() + 1;
            self.0.last_number.set(number);
            let used = Rc::new(InUse { slot, number, point, taps: Rc::downgrade(&self.0) });
            slots[slot] = Rc::downgrade(&used);
            self.0.changes.borrow_mut().push(Command::SetTap { slot: slot as u8, number, point: Some(point) });
            Some(used)
        });
        let reader = used.as_ref().map(|used| TapReader::new(used.slot, used.number));
        Tap { taps: self.clone(), point, _used: used, reader }
    }

    /// The memory for an engine of this rate.
    pub(super) fn memory(&self, rate_hz: u32) -> SharedMemory {
        self.0.rate_hz.set(rate_hz);
        let mut memory = self.0.memory.borrow_mut();
        memory
            .get_or_insert_with(|| {
                let memory = SharedMemory::new(total_words());
                memory.store(VERSION, PROTOCOL_VERSION);
                memory
            })
            .clone()
    }

    /// What changed since the last call.
    pub(super) fn take_changes(&self) -> Vec<Command> {
        std::mem::take(&mut self.0.changes.borrow_mut())
    }

    /// All taps, for an engine that knows none.
    pub(super) fn all(&self) -> Vec<Command> {
        self.take_changes();
        let slots = self.0.slots.borrow();
        let used = slots.iter().filter_map(Weak::upgrade);
        used.map(|used| Command::SetTap { slot: used.slot as u8, number: used.number, point: Some(used.point) }).collect()
    }
}

/// A look at a point; it ends when it is dropped.
pub struct Tap {
    taps: Taps,
    point: TapPoint,
    _used: Option<Rc<InUse>>,
    reader: Option<TapReader>,
}

impl Tap {
    /// Where it looks.
    pub fn point(&self) -> TapPoint {
        self.point
    }

    /// The rate of what it sees, once an engine has been started.
    pub fn rate_hz(&self) -> Option<u32> {
        Some(self.taps.0.rate_hz.get()).filter(|rate| *rate > 0)
    }

    /// Hands what came since the last call to `take`, left and right, block by block; says how many frames that were.
    pub fn read(&mut self, take: impl FnMut(&[f32], &[f32])) -> usize {
        let memory = self.taps.0.memory.borrow();
        match (&*memory, &mut self.reader) {
            (Some(memory), Some(reader)) => reader.read(memory, take),
            _ => 0,
        }
    }
}

/// A spectrum of what a tap sees.
pub struct Analyser {
    tap: Tap,
    size: Size,
    spectrum: Option<(u32, Spectrum)>,
}

impl Analyser {
    /// A spectrum of this many frames.
    pub fn new(tap: Tap, size: Size) -> Self {
        Self { tap, size, spectrum: None }
    }

    /// Where it looks.
    pub fn point(&self) -> TapPoint {
        self.tap.point()
    }

    /// Takes in what came since the last call, hands it to `take` too, and transforms: the mean moves towards the newest spectrum by `share`
    /// (1 takes it as it is). `false` when nothing came.
    pub fn look(&mut self, share: f32, mut take: impl FnMut(&[f32], &[f32])) -> bool {
        let Some(rate_hz) = self.tap.rate_hz() else { return false };
        if self.spectrum.as_ref().is_none_or(|(rate, _)| *rate != rate_hz) {
            self.spectrum = Some((rate_hz, Spectrum::new(f64::from(rate_hz), self.size)));
        }
        let Some((_, spectrum)) = &mut self.spectrum else { return false };
        let frames = self.tap.read(|left, right| {
            spectrum.process(left, right);
            take(left, right);
        });
        if frames > 0 {
            spectrum.analyse(share);
        }
        frames > 0
    }

    /// The mean's levels in dB at rows spread evenly over the octaves between two frequencies, lifted by `tilt_db` an octave above 1 kHz; the
    /// rows stay as they are before the first look.
    pub fn levels(&self, low_hz: f64, high_hz: f64, tilt_db: f64, out: &mut [f32]) {
        if let Some((_, spectrum)) = &self.spectrum {
            spectrum.levels(low_hz, high_hz, tilt_db, out);
        }
    }

    /// The same of the newest transform alone: a spectrogram's column.
    pub fn column(&self, low_hz: f64, high_hz: f64, tilt_db: f64, out: &mut [f32]) {
        if let Some((_, spectrum)) = &self.spectrum {
            spectrum.column(low_hz, high_hz, tilt_db, out);
        }
    }

    /// The spectrum itself, once something was looked at.
    pub fn spectrum(&self) -> Option<&Spectrum> {
        self.spectrum.as_ref().map(|(_, spectrum)| spectrum)
    }
}
