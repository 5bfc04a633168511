//! The worklet's memory: a pool that is taken from the browser before sound begins and grows only while the transport stands.
//!
//! Growing a WebAssembly memory detaches every view and may take milliseconds; both would be heard. So the pool is asked for and given
//! back at once, after which the allocator serves from it, and every byte is counted.

use std::cell::Cell;

use wasm_bindgen::prelude::wasm_bindgen;

/// Room for structures: about twice what a session of 64 strips with five processors each takes.
const POOL_BYTES: usize = 64 << 20;
/// While playing, commands wait for a stop when less than this is left: more than the largest processor takes.
pub const RESERVE_BYTES: usize = 12 << 20;

thread_local! {
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
    static POOL: Cell<usize> = const { Cell::new(0) };
}

#[cfg(target_arch = "wasm32")]
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};

    use super::ALLOCATED;

    struct Counting;

    // SAFETY: every call is passed on to the system's allocator unchanged; counting touches nothing else.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            ALLOCATED.set(ALLOCATED.get() + layout.size());
            // SAFETY: the caller's promises are passed on.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
            ALLOCATED.set(ALLOCATED.get().saturating_sub(layout.size()));
            // SAFETY: the caller's promises are passed on.
            unsafe { System.dealloc(place, layout) }
        }
    }

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;
}

/// Brings the pool to its full size above what is in use. Never while playing.
pub fn fill_pool() {
    let pool: Vec<u8> = Vec::with_capacity(POOL_BYTES);
    std::hint::black_box(&pool);
    drop(pool);
    POOL.set(ALLOCATED.get() + POOL_BYTES);
}

/// Bytes in use.
#[wasm_bindgen]
pub fn allocated_bytes() -> usize {
    ALLOCATED.get()
}

/// Bytes of the pool that are free.
#[wasm_bindgen]
pub fn headroom_bytes() -> usize {
    POOL.get().saturating_sub(ALLOCATED.get())
}
