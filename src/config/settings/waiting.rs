//! Settings that wait for the next start.

use super::Settings;

impl Settings {
    /// The settings that are others than `before`, or whose files hold something else. To a
    /// running portal they make no difference but for what it reads anew.
    pub fn changed(&self, before: &Self) -> Vec<&'static str> {
        let all = self.given().into_iter().zip(before.given());
        let all = all.filter(|((name, now), (_, before_it))| {
            now != before_it || self.contents.get(name) != before.contents.get(name)
        });
        all.map(|((name, _), _)| name).collect()
    }
}
