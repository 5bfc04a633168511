//! A lock for tasks of one thread: first come, first served.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::task::{Poll, Waker};

/// Something that one task at a time may use, across its pauses.
pub struct Lock<T> {
    value: RefCell<T>,
    next: Cell<u64>,
    serving: Cell<u64>,
    waiting: RefCell<BTreeMap<u64, Waker>>,
}

/// The right to use it.
pub struct Guard<'a, T> {
    lock: &'a Lock<T>,
    value: Option<RefMut<'a, T>>,
}

impl<T> Lock<T> {
    /// A free lock.
    pub fn new(value: T) -> Self {
        Self { value: RefCell::new(value), next: Cell::new(0), serving: Cell::new(0), waiting: RefCell::default() }
    }

    /// Waits for one's turn. The order is that of the first polls; a task that has asked must not be dropped.
    pub async fn lock(&self) -> Guard<'_, T> {
        let ticket = self.next.get();
        self.next.set(ticket + 1);
        poll_fn(|context| {
            if self.serving.get() == ticket {
                return Poll::Ready(());
            }
            self.waiting.borrow_mut().insert(ticket, context.waker().clone());
            Poll::Pending
        })
        .await;
        Guard { lock: self, value: Some(self.value.borrow_mut()) }
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.value.as_deref().unwrap_or_else(|| unreachable!("there until dropped"))
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_deref_mut().unwrap_or_else(|| unreachable!("there until dropped"))
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        let serving = self.lock.serving.get() + 1;
        self.lock.serving.set(serving);
        let next = self.lock.waiting.borrow_mut().remove(&serving);
        if let Some(next) = next {
            next.wake();
        }
    }
}
