//! The header `traceparent` (W3C Trace Context): the trace that a request belongs to.

use data_encoding::HEXLOWER;

use super::Place;

/// Reads it; `None` if it is not valid, and then a trace begins here.
pub(super) fn parse(text: &str) -> Option<Place> {
    let mut parts = text.split('-');
    let version: [u8; 1] = hex(parts.next()?)?;
    let place = Place {
        trace: hex(parts.next()?)?,
        span: hex(parts.next()?)?,
        is_sampled: hex::<1>(parts.next()?)?[0] & 1 == 1,
    };
    // Later versions may say more.
    let is_whole = match version {
        [0] => parts.next().is_none(),
        [255] => false,
        _ => true,
    };
    (is_whole && place.trace != [0; 16] && place.span != [0; 8]).then_some(place)
}

fn hex<const LENGTH: usize>(text: &str) -> Option<[u8; LENGTH]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_valid_header_names_a_trace() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let known = |flags: &str| parse(&format!("00-{trace}-00f067aa0ba902b7-{flags}"));
        let place = known("01").unwrap();
        assert_eq!(HEXLOWER.encode(&place.trace), trace);
        assert_eq!(HEXLOWER.encode(&place.span), "00f067aa0ba902b7");
        assert!(place.is_sampled && !known("00").unwrap().is_sampled);
        assert!(parse(&format!("cc-{trace}-00f067aa0ba902b7-01-more")).is_some());
        for text in [
            String::new(),
            format!("00-{trace}-00f067aa0ba902b7"),
            format!("00-{trace}-00f067aa0ba902b7-01-more"),
            format!("ff-{trace}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
            format!("00-{trace}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{trace}é-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(parse(&text), None, "{text}");
        }
    }
}
