//! How many browsers run at once: each has a few threads that compute in turns, so two of them fill a small machine and wait half as long;
//! a test that asks whether the machine keeps up with the music has it for itself.

use std::sync::{Condvar, Mutex, PoisonError};

/// Browsers that run side by side.
const SEATS: usize = 2;

/// Who else may run beside a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Another test's browser.
    Welcome,
    /// Nobody.
    Alone,
}

static TAKEN: Mutex<usize> = Mutex::new(0);
static LEFT: Condvar = Condvar::new();

/// A test's place, given back when it is dropped.
pub struct Seat(usize);

impl Seat {
    /// Waits until there is room.
    pub fn take(company: Company) -> Self {
        let wanted = if company == Company::Alone { SEATS } else { 1 };
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = LEFT.wait_while(taken, |taken| *taken + wanted > SEATS).unwrap_or_else(PoisonError::into_inner);
        *taken += wanted;
        Self(wanted)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= self.0;
        LEFT.notify_all();
    }
}
