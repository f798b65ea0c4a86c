//! A QR code as the path of an SVG: no script, no style, and it prints.

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code, as readers need them.
const QUIET: i32 = 4;

/// A drawing in units of one module.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Width and height.
    pub size: i32,
    /// The dark modules.
    pub path: String,
}

impl Drawing {
    /// `None` if the text is too long for a QR code.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let dark = |x, y| code.get_module(x, y);
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let run = (x..code.size()).take_while(|x| dark(*x, y)).count();
                let run = i32::try_from(run).ok()?;
                if run > 0 {
                    path += &format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run + 1;
            }
        }
        Some(Self {
            size: code.size() + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_has_the_dark_modules_and_a_quiet_zone() {
        let drawing = Drawing::of("otpauth://totp/rubrica:ana?secret=ABC").unwrap();
        let code = QrCode::encode_text("otpauth://totp/rubrica:ana?secret=ABC", QrCodeEcc::Medium);
        let code = code.unwrap();
        assert_eq!(drawing.size, code.size() + 8);
        // The upper left finder pattern begins with seven dark modules.
        assert!(drawing.path.starts_with("M4 4h7v1h-7z"), "{}", drawing.path);
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = all.filter(|(x, y)| code.get_module(*x, *y)).count();
        let runs = drawing.path.split('h').skip(1).step_by(2);
        let drawn = runs.map(|run| run.split('v').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(drawn.sum::<usize>(), dark);
    }
}
