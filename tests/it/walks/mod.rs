//! The whole flow in Chromium: our own policies must not stand in its way.
//!
//! A look is scripts on or off, a language and a width. Each journey is walked
//! in a look and in its opposite, so that every journey meets both scripts, both
//! languages and both widths; `--ignored` walks everything in every look.

#[cfg(test)]
mod issuing;
#[cfg(test)]
mod keyboard;
#[cfg(test)]
mod office;
#[cfg(test)]
mod renewing;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod waiting;
#[cfg(test)]
pub mod walker;
#[cfg(test)]
mod weight;

use walker::Walker;

use crate::support::chromium::Look;

const PHONE: u32 = 320;
pub const DESK: u32 = 1100;

/// What is walked from sign-in to sign-out.
#[derive(Clone, Copy, Debug)]
enum Journey {
    /// Issues for a holder of this kind.
    Issue(&'static str),
    /// Renews one from the list.
    RenewFromList,
    /// Renews one by its thumbprint.
    RenewByThumbprint,
    /// Renews the one whose file is chosen.
    RenewByFile,
    /// Leaves a draft and comes back to it.
    ComeBackToDraft,
    /// Finalizes again after a lost answer.
    Resume,
    /// Types what cannot stand, and mends it.
    Mistakes,
}

impl Journey {
    const ALL: [Self; 11] = [
        Self::Issue("person"),
        Self::Issue("linked"),
        Self::Issue("representative"),
        Self::Issue("seal"),
        Self::Issue("name"),
        Self::RenewFromList,
        Self::RenewByThumbprint,
        Self::RenewByFile,
        Self::ComeBackToDraft,
        Self::Resume,
        Self::Mistakes,
    ];
}

/// Walks journeys one after the other, each from sign-in to sign-out.
async fn walk(look: Look, journeys: impl IntoIterator<Item = Journey>) {
    let Some(walker) = Walker::start(look).await else {
        return;
    };
    for journey in journeys {
        walker.sign_in().await;
        match journey {
            Journey::Issue(kind) => issuing::issue(&walker, kind).await,
            Journey::RenewFromList => renewing::from_list(&walker).await,
            Journey::RenewByThumbprint => renewing::by_thumbprint(&walker).await,
            Journey::RenewByFile => renewing::by_file(&walker).await,
            Journey::ComeBackToDraft => issuing::come_back(&walker).await,
            Journey::Resume => trouble::resume(&walker).await,
            Journey::Mistakes => trouble::mistakes(&walker).await,
        }
        walker.sign_out().await;
    }
}

pub const fn look(javascript: bool, language: &'static str, width: u32) -> Look {
    Look {
        language,
        width,
        javascript,
    }
}

/// Those whose number leaves `rest` when divided by four: the look and its
/// opposite walk the same ones.
fn share(rest: usize) -> impl Iterator<Item = Journey> {
    Journey::ALL.into_iter().skip(rest).step_by(4)
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_in_spanish_on_a_phone() {
    walk(look(true, "es", PHONE), share(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a15_without_scripts_in_english_at_a_desk() {
    walk(look(false, "en", DESK), share(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_in_english_on_a_phone() {
    walk(look(true, "en", PHONE), share(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_in_spanish_at_a_desk() {
    walk(look(false, "es", DESK), share(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_in_spanish_at_a_desk() {
    walk(look(true, "es", DESK), share(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_in_english_on_a_phone() {
    walk(look(false, "en", PHONE), share(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_in_english_at_a_desk() {
    walk(look(true, "en", DESK), share(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_in_spanish_on_a_phone() {
    walk(look(false, "es", PHONE), share(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: every journey in every look"]
async fn every_journey_in_every_look() {
    for javascript in [true, false] {
        for language in ["es", "en"] {
            for width in [PHONE, DESK] {
                walk(look(javascript, language, width), Journey::ALL).await;
            }
        }
    }
}
