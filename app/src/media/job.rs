//! Work that takes a while: a future that can be cancelled from elsewhere.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::MediaError;

/// Something a worker does for the page. Dropping it lets the work go on; cancel it with its [`Canceller`].
pub struct Job<T> {
    result: Pin<Box<dyn Future<Output = Result<T, MediaError>>>>,
    canceller: Canceller,
}

/// Gives a job up. The job then ends soon, with an error whose [`MediaError::is_cancelled`] says so.
#[derive(Clone, Default)]
pub struct Canceller(Rc<CancelState>);

#[derive(Default)]
struct CancelState {
    cancelled: Cell<bool>,
    tell: RefCell<Option<Box<dyn Fn()>>>,
}

impl Canceller {
    /// No longer wanted.
    pub fn cancel(&self) {
        if !self.0.cancelled.replace(true)
            && let Some(tell) = &*self.0.tell.borrow()
        {
            tell();
        }
    }

    /// Whether it was given up.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.get()
    }

    /// What else to do when it is given up, while it runs.
    pub fn on_cancel(&self, tell: impl Fn() + 'static) {
        *self.0.tell.borrow_mut() = Some(Box::new(tell));
    }
}

impl<T> Job<T> {
    pub(super) fn new(canceller: Canceller, result: impl Future<Output = Result<T, MediaError>> + 'static) -> Self {
        Self { result: Box::pin(result), canceller }
    }

    /// A handle to give it up by.
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }
}

impl<T> Future for Job<T> {
    type Output = Result<T, MediaError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.result.as_mut().poll(context)
    }
}
