//! Two workers at one file: the first decodes, a helper beside it makes the twin at the song's rate and puts it into the same draft.
//!
//! Decoding and resampling take about as long as each other, so a long file is there in half the time on two cores. Few pieces are on
//! their way at once: memory does not grow with the file.

use std::cell::{Cell, RefCell};

use serde::{Deserialize, Serialize};
use web_sys::MessagePort;

use super::letters::Letters;
use super::port::Port;
use crate::import::{Shelf, TwinRates, float_bytes};
use crate::resample::Resampler;
use crate::store::{Part, StoreError};

/// Samples of a piece.
const PIECE_SAMPLES: usize = 1 << 16;
/// Samples that a buffer has room for: a piece and what one packet of a file may add to it.
const PIECE_ROOM: u32 = (PIECE_SAMPLES + (PIECE_SAMPLES >> 2)) as u32;
/// Pieces that may be on their way at once.
const MOST_ON_THE_WAY: u32 = 4;

/// What the helper is told.
#[derive(Serialize, Deserialize)]
enum ToHelper {
    /// The draft and its rates.
    Begin(u32, TwinRates),
    /// So many interleaved samples, in the buffer beside it.
    Piece(u32),
    /// That was all.
    End,
    /// The import came to nothing, or needs no twin.
    GiveUp,
}

/// What it says.
#[derive(Serialize, Deserialize)]
enum FromHelper {
    /// A piece is done; its buffer, beside it, is there for the next.
    Taken,
    /// The twin is whole in the store, or why not; the last word.
    Ended(Result<(), StoreError>),
}

/// The decoding worker's end. Dropped before the end, it lets the helper go.
pub struct Helper {
    letters: Letters,
    gathered: RefCell<Vec<f32>>,
    /// Buffers that came back: fresh ones cost more than what is written into them.
    spare: RefCell<Vec<js_sys::Float32Array>>,
    on_the_way: Cell<u32>,
    has_ended: Cell<bool>,
}

impl Helper {
    /// Through this port.
    pub fn new(port: MessagePort) -> Self {
        let letters = Letters::new(port);
        Self { letters, gathered: RefCell::default(), spare: RefCell::default(), on_the_way: Cell::new(0), has_ended: Cell::new(false) }
    }

    /// Begins a draft's twin.
    pub fn begin(&self, draft: u32, rates: TwinRates) {
        self.letters.send(&ToHelper::Begin(draft, rates), None);
    }

    /// Takes interleaved samples; waits while too many are on their way.
    ///
    /// # Errors
    /// Why there will be no twin.
    pub async fn push(&self, interleaved: &[f32]) -> Result<(), StoreError> {
        self.gathered.borrow_mut().extend_from_slice(interleaved);
        if self.gathered.borrow().len() < PIECE_SAMPLES {
            return Ok(());
        }
        while self.on_the_way.get() >= MOST_ON_THE_WAY {
            self.hear().await?;
        }
        self.send_gathered();
        Ok(())
    }

    /// Waits until the twin is whole in the store.
    ///
    /// # Errors
    /// Why there will be none.
    pub async fn finish(&self) -> Result<(), StoreError> {
        self.send_gathered();
        self.letters.send(&ToHelper::End, None);
        while !self.has_ended.get() {
            self.hear().await?;
        }
        Ok(())
    }

    fn send_gathered(&self) {
        let mut gathered = self.gathered.borrow_mut();
        let samples = gathered.len() as u32;
        let is_fit = |buffer: &js_sys::Float32Array| buffer.length() >= samples;
        let buffer = self.spare.borrow_mut().pop().filter(is_fit);
        let buffer = buffer.unwrap_or_else(|| js_sys::Float32Array::new_with_length(samples.max(PIECE_ROOM)));
        buffer.subarray(0, samples).copy_from(&gathered);
        gathered.clear();
        self.letters.send(&ToHelper::Piece(samples), Some(buffer));
        self.on_the_way.set(self.on_the_way.get() + 1);
    }

    async fn hear(&self) -> Result<(), StoreError> {
        let packet = self.letters.next().await.ok_or(StoreError::Cancelled)?;
        match packet.message() {
            Some(FromHelper::Taken) => {
                self.on_the_way.set(self.on_the_way.get().saturating_sub(1));
                self.spare.borrow_mut().extend(packet.beside::<js_sys::Float32Array>(0));
            }
            Some(FromHelper::Ended(result)) => {
                self.has_ended.set(true);
                result?;
            }
            None => return Err(StoreError::Cancelled),
        }
        Ok(())
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        if !self.has_ended.get() {
            self.letters.send(&ToHelper::GiveUp, None);
        }
        self.letters.close();
    }
}

/// The helper's end: resamples until it is told that that was all, or that it is not needed. `on_sign` is called with every message.
pub async fn help(letters: &Letters, mut port: Port, mut on_sign: impl FnMut()) {
    let mut twin: Option<Twin> = None;
    while let Some(packet) = letters.next().await {
        on_sign();
        let result = match (packet.message(), &mut twin) {
            (Some(ToHelper::Begin(draft, rates)), _) => {
                twin = Twin::new(draft, rates);
                if twin.is_some() { Ok(()) } else { Err(StoreError::Failed("these rates cannot be brought together".into())) }
            }
            (Some(ToHelper::Piece(samples)), Some(twin)) => {
                let buffer = packet.beside::<js_sys::Float32Array>(0);
                let piece = buffer.as_ref().map(|buffer| buffer.subarray(0, samples).to_vec()).unwrap_or_default();
                // Sent back at once: the next piece can be written while this one is resampled.
                letters.send(&FromHelper::Taken, buffer);
                twin.push(&piece, &mut port).await
            }
            (Some(ToHelper::End), Some(twin)) => {
                let result = twin.finish(&mut port).await;
                letters.send(&FromHelper::Ended(result), None);
                return;
            }
            _ => break,
        };
        if result.is_err() {
            letters.send(&FromHelper::Ended(result), None);
            break;
        }
    }
    if let Some(twin) = twin {
        port.abort(twin.draft).await;
    }
}

/// A twin while it is made.
struct Twin {
    draft: u32,
    resampler: Resampler,
    made: Vec<f32>,
}

impl Twin {
    fn new(draft: u32, rates: TwinRates) -> Option<Self> {
        Some(Self { draft, resampler: rates.resampler()?, made: Vec::new() })
    }

    async fn push(&mut self, interleaved: &[f32], port: &mut Port) -> Result<(), StoreError> {
        self.resampler.push(interleaved, &mut self.made);
        if self.made.len() >= PIECE_SAMPLES { self.put(port).await } else { Ok(()) }
    }

    async fn finish(&mut self, port: &mut Port) -> Result<(), StoreError> {
        self.resampler.finish(&mut self.made);
        self.put(port).await?;
        port.all_put().await
    }

    async fn put(&mut self, port: &mut Port) -> Result<(), StoreError> {
        port.put(self.draft, Part::Twin, float_bytes(&self.made)).await?;
        self.made.clear();
        Ok(())
    }
}
