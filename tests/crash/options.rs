//! The command line of the crash tests.

use super::plan::Size;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Run,
    Report,
    WriteReadme,
    /// Do nothing: the caller only lists the tests.
    List,
}

/// The parsed command line.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub act: Act,
    /// Decides how many kills of each kind.
    pub size: Size,
    /// How many databases run in parallel.
    pub lanes: usize,
    /// When to stop, in minutes.
    pub minutes: Option<u64>,
}

/// Parses the arguments; the error is a message for people.
pub fn read(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let (mut act, mut size) = (None, None);
    let (mut lanes, mut minutes) = (None, None);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--short" => size = Some(Size::Short),
            "--full" => size = Some(Size::Full),
            "--report" => act = Some(Act::Report),
            "--write-readme" => act = Some(Act::WriteReadme),
            "--lanes" => lanes = Some(number(&argument, arguments.next())?.max(1)),
            "--minutes" => minutes = Some(number(&argument, arguments.next())?),
            // Test runners pass this to every test binary.
            "--list" => act = Some(Act::List),
            "--format" => drop(arguments.next()),
            other => return Err(format!("no such argument: {other}")),
        }
    }
    let act = act.unwrap_or(Act::Run);
    let size = size.unwrap_or(match act {
        Act::Run | Act::List => Size::Short,
        Act::Report | Act::WriteReadme => Size::Full,
    });
    Ok(Options {
        act,
        size,
        lanes: lanes.unwrap_or(size.usual_lanes()),
        minutes: minutes.and_then(|minutes| u64::try_from(minutes).ok()),
    })
}

fn number(name: &str, value: Option<String>) -> Result<usize, String> {
    value
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| format!("{name} wants a number"))
}
