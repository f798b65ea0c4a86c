//! Reads a name: its readable form back into attributes, and whom it names.

use super::{Attribute, DistinguishedName};

impl DistinguishedName {
    /// The name whose [`preview`](DistinguishedName::preview) this is. What has no `=`
    /// belongs to the value before it.
    pub fn of_preview(preview: &str) -> Self {
        let mut attributes: Vec<Attribute> = Vec::new();
        for part in parts(preview) {
            match part.split_once('=') {
                Some((label, value)) => attributes.push(Attribute::new(label, value)),
                None => {
                    if let Some(last) = attributes.last_mut() {
                        last.value.push_str(&part);
                    }
                }
            }
        }
        Self(attributes)
    }

    /// The values that name somebody: all but the country.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(|one| one.oid() != Some("2.5.4.6"));
        named.map(|one| one.value.as_str())
    }

    /// The organisation's name.
    pub fn organisation(&self) -> Option<&str> {
        let mut all = self.0.iter();
        all.find(|one| one.oid() == Some("2.5.4.10"))
            .map(|one| one.value.as_str())
    }

    /// The number of the holder's document, without what ETSI EN 319 412-1 puts in front.
    pub fn document(&self) -> Option<&str> {
        self.numbered(&["IDC", "PAS", "PNO", "TIN"])
    }

    /// The organisation's NIF, without what stands in front.
    pub fn nif(&self) -> Option<&str> {
        self.numbered(&["VAT", "NTR"])
    }

    /// The first value of the form `IDCES-12345678Z` that begins with one of these.
    fn numbered(&self, kinds: &[&str]) -> Option<&str> {
        self.values().find_map(|value| {
            let (kind, number) = value.split_once('-')?;
            let is_one = kind.len() == 5 && kinds.iter().any(|one| kind.starts_with(one));
            (is_one && !number.is_empty()).then_some(number)
        })
    }
}

/// The parts between `, `, with the escapes taken off.
fn parts(preview: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut letters = preview.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => part.extend(letters.next()),
            ',' if letters.peek() == Some(&' ') => {
                letters.next();
                parts.push(std::mem::take(&mut part));
            }
            letter => part.push(letter),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readable_name_reads_back_and_says_whom_it_names() {
        let name = DistinguishedName::new(vec![
            Attribute::new("cn", "Ana, \"La\" Núñez"),
            Attribute::new("serialNumber", "IDCES-12345678Z"),
            Attribute::new("o", "Notaría = Núñez, S.L."),
            Attribute::new("2.5.4.97", "VATES-A58818501"),
            Attribute::new("c", "ES"),
        ]);
        let read = DistinguishedName::of_preview(&name.preview());
        assert_eq!(read.preview(), name.preview());
        for name in [name, read] {
            assert_eq!(name.organisation(), Some("Notaría = Núñez, S.L."));
            assert_eq!(name.document(), Some("12345678Z"));
            assert_eq!(name.nif(), Some("A58818501"));
            assert_eq!(name.values().count(), 4);
        }
        let passport = DistinguishedName::of_preview("CN=Ana, serialNumber=PASFR-XY1");
        assert_eq!((passport.document(), passport.nif()), (Some("XY1"), None));
        assert_eq!(DistinguishedName::of_preview("").document(), None);
    }
}
