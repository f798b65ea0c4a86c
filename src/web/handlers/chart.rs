//! The bar chart of expiries by month. Positions are computed here, so that the
//! template only draws.

use std::ops::Range;

use crate::domain::millis::Millis;

/// The height of the highest bar.
const HIGHEST: i64 = 120;
/// The y coordinate on which the bars stand.
const GROUND: i64 = 150;
/// The distance between the left edges of two bars.
const STEP: i64 = 30;
const WIDE: i64 = 22;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    pub bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub month: Millis,
    /// How many certificates expire in it.
    pub count: i64,
    /// The list of them.
    pub href: String,
    /// The bar's left edge.
    pub x: i64,
    /// The bar's middle.
    pub middle: i64,
    /// The bar's upper edge.
    pub y: i64,
    /// The y coordinate of the number.
    pub above: i64,
    pub width: i64,
    pub height: i64,
}

impl Chart {
    /// The chart of these months; `None` if nothing expires in any of them.
    /// `href` is the list of what expires in a month.
    pub fn of(
        months: &[Range<Millis>],
        counts: &[i64],
        href: impl Fn(&Range<Millis>) -> String,
    ) -> Option<Self> {
        let most = *counts.iter().max()?;
        if most == 0 {
            return None;
        }
        let bar = |((at, month), count): ((i64, &Range<Millis>), &i64)| {
            let height = (count * HIGHEST + most - 1) / most;
            let x = at * STEP + (STEP - WIDE) / 2;
            Bar {
                month: month.start,
                count: *count,
                href: href(month),
                x,
                middle: x + WIDE / 2,
                y: GROUND - height,
                above: GROUND - height - 5,
                width: WIDE,
                height,
            }
        };
        let bars = (0..).zip(months).zip(counts).map(bar).collect();
        Some(Self { bars })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_has_full_height_and_one_certificate_is_visible_beside_a_thousand() {
        let months: Vec<_> = (0..3).map(|at| Millis(at)..Millis(at + 1)).collect();
        let bars = Chart::of(&months, &[1, 5000, 0], |_| String::new());
        let bars = bars.unwrap().bars;
        let heights: Vec<_> = bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [1, HIGHEST, 0]);
        assert!(bars.iter().all(|bar| bar.y + bar.height == GROUND));
        assert_eq!(Chart::of(&months, &[0], |_| String::new()), None);
        assert_eq!(Chart::of(&[], &[], |_| String::new()), None);
    }
}
