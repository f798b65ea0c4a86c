//! The kinds of kills and how many of each.

use std::fmt;

use rubrica::failpoints;

/// The database engine, which also decides the number of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// One node on SQLite.
    Sqlite,
    /// Two nodes on PostgreSQL; one of them is killed.
    Postgres,
}

impl Engine {
    pub const fn nodes(self) -> usize {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => 2,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Where a process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a failpoint in the code.
    Point(&'static str),
    Random,
    /// In the midst of a run, besides the usual load.
    Run,
    /// At the n-th `fsync` or `fdatasync` after the kill was prepared.
    Fsync(u32),
}

impl Place {
    /// The name of this kind in the table.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Point(_) => "at the 12 crash points",
            Self::Random => "at random under load",
            Self::Run => "in the midst of a run",
            Self::Fsync(_) => "at the n-th fsync",
        }
    }
}

/// A kind of kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    pub engine: Engine,
    pub place: Place,
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.engine)?;
        match self.place {
            Place::Point(name) => f.write_str(name),
            Place::Random => f.write_str("random"),
            Place::Run => f.write_str("run"),
            Place::Fsync(nth) => write!(f, "fsync {nth}"),
        }
    }
}

/// The size of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For every change.
    Short,
    /// For a release.
    Full,
}

impl Size {
    /// The name of its state file, without the extension.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Full => "full",
        }
    }

    /// The default number of lanes; a lane mostly waits for leases to expire.
    pub const fn usual_lanes(self) -> usize {
        match self {
            Self::Short => 6,
            Self::Full => 2,
        }
    }

    /// All kinds of kills, and how many of each.
    pub fn plan(self) -> Vec<(Job, u64)> {
        let (at_points, random, at_points_two, random_two) = match self {
            Self::Short => (2, 12, 1, 6),
            Self::Full => (20, 500, 10, 200),
        };
        let runs = match self {
            Self::Short => [(Engine::Sqlite, 3), (Engine::Postgres, 2)],
            Self::Full => [(Engine::Sqlite, 50), (Engine::Postgres, 20)],
        };
        let run = |(engine, times)| {
            let place = Place::Run;
            (Job { engine, place }, times)
        };
        let fsyncs: u32 = match self {
            Self::Short => 6,
            Self::Full => 40,
        };
        let of = |engine, at_points, random| {
            let points = failpoints::NAMES.map(|name| (Place::Point(name), at_points));
            points
                .into_iter()
                .chain([(Place::Random, random)])
                .map(move |(place, times)| (Job { engine, place }, times))
        };
        // Spread evenly over the first forty calls.
        let fsync = |n: u32| Job {
            engine: Engine::Sqlite,
            place: Place::Fsync(n * 40 / fsyncs),
        };
        of(Engine::Sqlite, at_points, random)
            .chain((1..=fsyncs).map(|n| (fsync(n), 1)))
            .chain(of(Engine::Postgres, at_points_two, random_two))
            .chain(runs.map(run))
            .collect()
    }
}
