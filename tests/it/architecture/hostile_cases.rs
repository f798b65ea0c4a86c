//! The hostile cases that the portal is held against: each has tests whose names begin
//! with its code.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The code of each case, and what has to hold.
const CASES: &[(&str, &str)] = &[
    (
        "a01",
        "A token in the callback leads to a clean address and a new session, and is exchanged once.",
    ),
    (
        "a02",
        "A callback opened again, by anybody, exchanges nothing.",
    ),
    (
        "a03",
        "A token in a browser without a pending attempt is refused, a session that is there stays.",
    ),
    ("a04", "Sign-in starts by the portal's own form only."),
    ("a05", "A return after ten minutes is refused."),
    (
        "a06",
        "Two tabs come back in either order, each to its own connection.",
    ),
    ("a07", "A token of one connection sends nothing to another."),
    (
        "a08",
        "The redirect URL is the registered one, whatever host a request names.",
    ),
    ("a09", "No parameter makes a page lead elsewhere."),
    (
        "a10",
        "What is signed is what is sent, whatever the values.",
    ),
    ("a11", "What is no token is refused without a call."),
    (
        "a12",
        "A signed token that is forged, expired, or for another is refused without a call.",
    ),
    ("a13", "Nothing of a request is reflected."),
    (
        "a14",
        "An answer to the exchange that cannot be used signs nobody in.",
    ),
    (
        "a15",
        "The content security policy lets the sign-in form end at Redtrust, in a real browser.",
    ),
    ("a16", "No secret is in any log, page, or database."),
    ("b01", "A session id from before sign-in is dead after it."),
    (
        "b02",
        "Signing out removes row and cookie; a slow request brings nothing back.",
    ),
    ("b03", "Redtrust is told of a sign-out once."),
    (
        "b04",
        "A session ends when idle and at its limit; what was typed is kept for its owner only.",
    ),
    (
        "b05",
        "Every cookie has its flags; the return from Redtrust works with them.",
    ),
    (
        "b06",
        "A form that is not ours changes nothing, on any route.",
    ),
    (
        "b07",
        "Signing out everywhere works on every node within a second.",
    ),
    ("b08", "A stranger sees the sign-in pages only."),
    (
        "b09",
        "Every answer has every header, errors and files too.",
    ),
    (
        "c01",
        "A wrong password and an unknown name are told alike; a huge one is refused before hashing.",
    ),
    (
        "c02",
        "Wrong passwords make an address wait; the admin gets in from another.",
    ),
    (
        "c03",
        "The shared key is shown nowhere, and saving settings keeps it.",
    ),
    ("c04", "A sealed value opens in its own row only."),
    (
        "c05",
        "A wrong master key ends with status 2 and writes nothing.",
    ),
    ("c06", "While a shared key is replaced, both are accepted."),
    (
        "c07",
        "Addresses that must not be called are blocked before a byte goes out.",
    ),
    (
        "c08",
        "The right CA only; a wrong name and an expired certificate are refused.",
    ),
    (
        "c09",
        "What is no CA is refused, and nothing of it is kept.",
    ),
    ("c10", "Each rule of a redirect URL is told at its field."),
    ("c11", "Markup in names stays text."),
    ("c12", "Further form fields change nothing."),
    (
        "c13",
        "Of two admins who edit at once the second sees both values.",
    ),
    ("c14", "A changed, removed, or added audit entry is named."),
    (
        "c15",
        "No account exists before an administrator makes one.",
    ),
    ("d01", "Names are taken as people write them."),
    (
        "d02",
        "What could be hidden in a name is refused at its field.",
    ),
    ("d03", "Lengths count characters."),
    (
        "d04",
        "Settings that are not offered are refused, and nothing is sent.",
    ),
    ("d05", "A thumbprint has 40 or 64 digits."),
    ("d06", "What is somebody else's is as good as missing."),
    (
        "d07",
        "Who skips or repeats a step is led to the right one.",
    ),
    ("d08", "A form or file over its limit is refused."),
    ("d09", "No path leads out of the static files."),
    ("d10", "Ranges are ignored."),
    ("e01", "Where nothing was sent, it is said."),
    (
        "e02",
        "A server that never answers is given up in time, and nothing is sent again.",
    ),
    (
        "e03",
        "A status without an envelope is unknown and never repeated.",
    ),
    ("e04", "Twenty requests at once refresh the token once."),
    (
        "e05",
        "A refused refresh costs one sign-in and nothing typed.",
    ),
    (
        "e06",
        "Clocks that differ are told, the difference to admins.",
    ),
    ("e07", "An unknown CA is never passed over."),
    (
        "e08",
        "What does not fit what was asked is a mismatch, never a success.",
    ),
    (
        "e09",
        "After five failures nobody waits, and another connection does not care.",
    ),
    (
        "f01",
        "Killed at each crash point, at random, and at its syncs, nothing is lost or done twice (tests/crash).",
    ),
    ("f02", "Two hundred identical forms order one certificate."),
    ("f03", "An edit in another tab is not overwritten."),
    ("f04", "A node that wakes too late writes nothing."),
    (
        "f05",
        "A second server on the same SQLite file does not start.",
    ),
    (
        "f06",
        "A lost finalize is resumed with the same code, never with a second key pair.",
    ),
    (
        "f07",
        "What cannot be recorded is said to be issued and recorded later.",
    ),
    (
        "f08",
        "Created and never finalized, the owner goes on with the same keys.",
    ),
    ("f09", "SIGTERM lets a finalize under way finish."),
    (
        "g01",
        "On a full disk every step says so, and goes well later without a restart.",
    ),
    (
        "g02",
        "A lock of four seconds is waited for, one of thirty refused within six.",
    ),
    (
        "g03",
        "A database file that has disappeared is not made anew.",
    ),
    (
        "g04",
        "A database that is down is said within two seconds and back within five.",
    ),
    ("g05", "Issued is said only after it was synced."),
    ("g06", "Ten thousand idle connections cost little."),
    (
        "g07",
        "Of a hundred at a slow Redtrust thirty-two wait and the rest are told at once.",
    ),
    ("g08", "Anonymous visits write no rows."),
    (
        "h01",
        "The sandbox listens on this machine only unless told otherwise.",
    ),
    (
        "h02",
        "A login request that is wrong is refused with its own code.",
    ),
    ("h03", "Of fifty exchanges at once one wins."),
    (
        "h04",
        "A certificate has all it needs and nothing it was not given.",
    ),
    ("h05", "Files with secrets are their owner's only."),
    ("i01", "Every request is answered within its deadline."),
    ("i02", "Password hashing owns its memory and a short queue."),
    ("i03", "Anonymous traffic never stops those who issue."),
    (
        "i04",
        "One limiter for every password form; nobody locks a name out.",
    ),
    ("i05", "Tokens and keys are for one server."),
    ("i06", "A file settles only what a known CA vouches for."),
    ("i07", "An owner is who the server says, byte for byte."),
    ("i08", "A cut audit and a changed connection are named."),
    ("i09", "The log says who and from where."),
    ("i10", "Whatever ends a session ends its tokens."),
    ("i11", "Accounts of administrators deserve the name."),
    ("i12", "No page leads elsewhere."),
    ("i13", "No CSV cell is a formula."),
    ("i14", "Uploads have a budget, and memory is given back."),
    (
        "i15",
        "Streams, exports, and sessions are shared out by owner.",
    ),
    ("i16", "The sandbox's controls are for this machine."),
    ("i17", "Files are for their owner, whatever the umask."),
    ("i18", "What cannot be stored is refused where it enters."),
    ("i19", "No error shows a secret; loose modes are named."),
    ("i20", "The list of customers can be hidden."),
    ("i21", "A callback counts only when a browser opens it."),
    ("i22", "Keys rotate; PostgreSQL is reached over TLS."),
];

/// Not built yet. An entry leaves this list with its first test.
const OPEN: &[&str] = &[];

#[test]
fn every_hostile_case_has_a_test_that_bears_its_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeMap::<String, usize>::new();
    count(&root.join("tests"), &mut tests);
    count(&root.join("src"), &mut tests);
    let mut table = BTreeMap::<char, (usize, usize, usize)>::new();
    let mut without = Vec::new();
    for (code, what) in CASES {
        let row = table.entry(code.chars().next().unwrap()).or_default();
        let found = tests.get(*code).copied().unwrap_or_default();
        row.0 += 1;
        row.1 += usize::from(found > 0);
        row.2 += found;
        if (found == 0) != OPEN.contains(code) {
            without.push(format!("{code}: {what}"));
        }
    }
    let mut stderr = std::io::stderr();
    for (section, (cases, tested, found)) in table {
        let section = section.to_ascii_uppercase();
        writeln!(
            stderr,
            "hostile cases {section}: {tested} of {cases} tested, by {found} tests"
        )
        .unwrap();
    }
    assert!(
        without.is_empty(),
        "without a test, or listed as open with one: {without:#?}"
    );
}

/// Counts the functions of a folder's sources by the codes that their names begin with.
fn count(folder: &Path, tests: &mut BTreeMap<String, usize>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count(&path, tests);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for name in text.split("fn ").skip(1) {
                for code in name.split('_').take_while(|word| is_code(word)) {
                    *tests.entry(code.to_owned()).or_default() += 1;
                }
            }
        }
    }
}

/// A letter and two digits.
fn is_code(word: &str) -> bool {
    matches!(word.as_bytes(), [b'a'..=b'i', b'0'..=b'9', b'0'..=b'9'])
}
