//! How long a request may take, by the kind of its route.

use std::time::Duration;

/// What a route does, as far as its time limits are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A page, a small file or a form without a file.
    Page,
    /// A form with a file.
    Upload,
    /// Server-sent events, open for minutes.
    Stream,
    /// A file that is written while it is read from the database.
    Export,
}

impl Class {
    /// The limit for a whole body to arrive.
    pub const fn body_within(self) -> Duration {
        match self {
            Self::Upload => Duration::from_secs(30),
            Self::Page | Self::Stream | Self::Export => Duration::from_secs(20),
        }
    }

    /// The limit for the answer to begin, after the time for the body. The longest work
    /// that a page waits for is the test of a connection, 20 seconds.
    pub const fn answer_within(self) -> Duration {
        match self {
            Self::Page | Self::Upload => Duration::from_secs(25),
            Self::Stream | Self::Export => Duration::from_secs(15),
        }
    }

    /// How long an answer that has begun may stay silent. Events send a sign of life
    /// every two seconds.
    pub const fn silent_for(self) -> Duration {
        match self {
            Self::Stream => Duration::from_secs(10),
            Self::Page | Self::Upload | Self::Export => Duration::from_secs(25),
        }
    }
}
