//! What the commands of README are made of. The static server is also the one that the browser tests use.

pub mod ahead;
pub mod check;
pub mod command;
pub mod fingerprint;
pub mod finish;
pub mod headers;
pub mod page;
pub mod paths;
pub mod serve;
pub mod server;
pub mod tally;
pub mod tools;

/// Every failure ends as a sentence for the person at the terminal.
pub type Outcome<T> = Result<T, String>;
