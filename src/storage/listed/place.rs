//! The place of a row in a sorted list.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::domain::millis::Millis;
use crate::storage::StorageError;
use crate::storage::conditions::Bound;
use crate::storage::paging::cursor;

/// A column by which a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Column {
    Bytes(&'static str),
    Number(&'static str),
    Text(&'static str),
}

impl Column {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bytes(name) | Self::Number(name) | Self::Text(name) => name,
        }
    }

    /// A time as this column has it.
    pub(super) fn at(self, time: Millis) -> Bound {
        match self {
            Self::Bytes(_) => Bound::Bytes(cursor(time, "")),
            Self::Number(_) | Self::Text(_) => Bound::Number(time.0),
        }
    }

    fn value(self, row: &AnyRow) -> Result<Vec<u8>, StorageError> {
        Ok(match self {
            Self::Bytes(name) => row.try_get(name)?,
            Self::Number(name) => row.try_get::<i64, _>(name)?.to_be_bytes().to_vec(),
            Self::Text(name) => row.try_get::<String, _>(name)?.into_bytes(),
        })
    }

    /// The value as it was written; `None` if it is not one of this column. An id is
    /// plain ASCII, so other text from an address never reaches the database.
    fn bound(self, value: &[u8]) -> Option<Bound> {
        Some(match self {
            Self::Bytes(_) => Bound::Bytes(value.to_vec()),
            Self::Number(_) => Bound::Number(i64::from_be_bytes(value.try_into().ok()?)),
            Self::Text(_) => {
                let text = std::str::from_utf8(value).ok()?;
                let is_id = text.bytes().all(|byte| byte.is_ascii_graphic());
                Bound::Text(is_id.then_some(text)?.to_owned())
            }
        })
    }
}

/// The place of a row as one value: each column with its length in front.
pub(super) fn place_of(row: &AnyRow, columns: &[Column]) -> Result<Vec<u8>, StorageError> {
    let mut place = Vec::new();
    for column in columns {
        let value = column.value(row)?;
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        place.extend_from_slice(&length.to_be_bytes());
        place.extend_from_slice(&value);
    }
    Ok(place)
}

/// The values of a place; `None` if it is none of this order.
pub(super) fn read_place(place: &[u8], columns: &[Column]) -> Option<Vec<Bound>> {
    let (mut rest, mut values) = (place, Vec::new());
    for column in columns {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let (value, behind) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
        values.push(column.bound(value)?);
        rest = behind;
    }
    rest.is_empty().then_some(values)
}

/// The time and the id in the place of a list that is sorted by time.
pub(super) fn moment_of(values: &[Bound]) -> Option<(Millis, String)> {
    match values {
        [Bound::Bytes(cursor)] => {
            let (at, id) = cursor.split_first_chunk::<8>()?;
            let id = std::str::from_utf8(id).ok()?;
            Some((Millis(i64::from_be_bytes(*at)), id.to_owned()))
        }
        [Bound::Number(at), Bound::Text(id)] => Some((Millis(*at), id.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_the_order_are_read() {
        let columns = [Column::Number("not_after"), Column::Text("id")];
        let place = [&[0, 8][..], &[0; 8], &[0, 2], b"a1"].concat();
        let values = read_place(&place, &columns).unwrap();
        assert!(matches!(&values[..], [Bound::Number(0), Bound::Text(id)] if id == "a1"));
        for wrong in [
            &[][..],
            &[0],
            &[0, 9, 1],
            &[255, 255],
            &place[..12],
            &[&place[..], &[0]].concat(),
            &[&place[..12], b"a\0"].concat(),
            &[&place[..12], b"a\xFF"].concat(),
        ] {
            assert!(read_place(wrong, &columns).is_none(), "{wrong:?}");
        }
        let bytes = read_place(&[0, 1, 7], &[Column::Bytes("cursor")]);
        assert!(matches!(&bytes.unwrap()[..], [Bound::Bytes(one)] if one == &[7]));
    }
}
