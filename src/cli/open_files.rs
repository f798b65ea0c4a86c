//! Open files: each connection of a browser takes one.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit of this process to the hard one: many systems begin with 1,024.
pub(super) fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Up to the hard limit every process may raise it.
    let _may_always = setrlimit(Resource::Nofile, limit);
}
