//! What every template keeps to.

use std::fs;
use std::path::Path;

/// A browser that translates pages turns "Rosa Iglesias" into another name, and codes into
/// nonsense. What Redtrust says in its own language may be translated.
#[test]
fn names_and_codes_are_marked_as_not_to_be_translated() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let (mut marked, mut bare) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|end| end != "html") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for start in ["<bdi", "<code"] {
                for rest in text.split(start).skip(1) {
                    let tag = rest.split('>').next().unwrap();
                    match tag.contains("translate=\"no\"") || tag.contains("lang=") {
                        true => marked += 1,
                        false => bare.push(format!("{}: {start}{tag}>", path.display())),
                    }
                }
            }
        }
    }
    assert!(marked > 30, "the search finds only {marked}");
    assert!(bare.is_empty(), "{bare:#?}");
}
