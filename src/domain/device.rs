//! Which browser on which system somebody uses, as far as its User-Agent says: a few
//! well-known names, so that people recognise their own sessions.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::string_enum::string_enum;

string_enum! {
    /// A browser's stored name. The order matters: most of them also claim to be those
    /// that come later.
    pub enum Browser as "browser" {
        /// Microsoft Edge.
        Edge = "edge",
        /// Opera.
        Opera = "opera",
        /// Samsung Internet.
        Samsung = "samsung",
        /// Firefox.
        Firefox = "firefox",
        /// Chrome, or another browser that says no more than that it is Chromium.
        Chrome = "chrome",
        /// Safari.
        Safari = "safari",
    }
}

string_enum! {
    /// A system's stored name. The order matters as it does for browsers.
    pub enum System as "system" {
        /// Android.
        Android = "android",
        /// An iPhone.
        Iphone = "iphone",
        /// An iPad.
        Ipad = "ipad",
        /// Windows.
        Windows = "windows",
        /// Chrome OS.
        ChromeOs = "chrome_os",
        /// macOS.
        MacOs = "mac_os",
        /// Linux.
        Linux = "linux",
    }
}

impl Browser {
    /// The name that its maker gives it, the same in all languages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Edge => "Edge",
            Self::Opera => "Opera",
            Self::Samsung => "Samsung Internet",
            Self::Firefox => "Firefox",
            Self::Chrome => "Chrome",
            Self::Safari => "Safari",
        }
    }

    /// What only this browser, of those not named before it, says.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Edge => &["Edg/", "EdgA/", "EdgiOS/", "Edge/"],
            Self::Opera => &["OPR/", "OPT/", "Opera"],
            Self::Samsung => &["SamsungBrowser/"],
            Self::Firefox => &["Firefox/", "FxiOS/"],
            Self::Chrome => &["Chrome/", "CriOS/", "Chromium/"],
            Self::Safari => &["Safari/"],
        }
    }
}

impl System {
    /// The name that its maker gives it, the same in all languages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "Android",
            Self::Iphone => "iPhone",
            Self::Ipad => "iPad",
            Self::Windows => "Windows",
            Self::ChromeOs => "Chrome OS",
            Self::MacOs => "macOS",
            Self::Linux => "Linux",
        }
    }

    /// What only this system, of those not named before it, says.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Android => &["Android"],
            Self::Iphone => &["iPhone", "iPod"],
            Self::Ipad => &["iPad"],
            Self::Windows => &["Windows"],
            Self::ChromeOs => &["CrOS"],
            Self::MacOs => &["Macintosh", "Mac OS X"],
            Self::Linux => &["Linux", "X11"],
        }
    }
}

/// What is known of a device. Its text form, which is stored, always reads back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Device {
    /// `None` if it is none of those known by name.
    pub browser: Option<Browser>,
    /// `None` if it is none of those known by name.
    pub system: Option<System>,
}

impl Device {
    /// Reads the header `User-Agent`. Whoever sends it can write anything into it.
    pub fn of_user_agent(text: &str) -> Self {
        let says = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
        let mut browsers = Browser::ALL.iter().copied();
        let mut systems = System::ALL.iter().copied();
        Self {
            browser: browsers.find(|browser| says(browser.marks())),
            system: systems.find(|system| says(system.marks())),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let browser = self.browser.map_or("", Browser::as_str);
        let system = self.system.map_or("", System::as_str);
        write!(f, "{browser}/{system}")
    }
}

impl FromStr for Device {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (browser, system) = text.split_once('/').unwrap_or_default();
        Ok(Self {
            browser: browser.parse().ok(),
            system: system.parse().ok(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_browsers_are_told_apart() {
        for (agent, browser, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                 Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like \
                 Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
                "Samsung Internet",
                "Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "Chrome",
                "iPad",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) Version/26.0 Safari/605.1.15",
                "Safari",
                "macOS",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like \
                 Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/123.0",
                "Opera",
                "Chrome OS",
            ),
        ] {
            let device = Device::of_user_agent(agent);
            let named = (
                device.browser.map(Browser::name),
                device.system.map(System::name),
            );
            assert_eq!(named, (Some(browser), Some(system)), "{agent}");
            assert_eq!(device.to_string().parse(), Ok(device));
        }
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        for agent in ["", "curl/8.5.0", "<b>Mozilla</b>", "\u{0}"] {
            assert_eq!(Device::of_user_agent(agent), Device::default(), "{agent}");
        }
        for stored in ["", "/", "netscape/beos", "firefox"] {
            assert_eq!(stored.parse(), Ok(Device::default()), "{stored}");
        }
        let half = Device::of_user_agent("Wget/1.2 (linux-gnu; X11)");
        assert_eq!((half.browser, half.system), (None, Some(System::Linux)));
        assert_eq!(half.to_string().parse(), Ok(half));
    }
}
