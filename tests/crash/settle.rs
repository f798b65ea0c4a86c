//! What follows a kill: the same database is served again, open issuances are
//! sorted, their owners go on by the buttons they are shown.

use std::time::{Duration, Instant};

use super::facts::{Stored, stored};
use super::judge::Breach;
use super::load::{be_signed_in, press};
use super::plan::Engine;
use super::support::visitor::{Tried, Visitor};
use super::world::World;

/// Ready again.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// Nothing in flight without somebody at work on it.
const SORTED_WITHIN: Duration = Duration::from_secs(10);
/// How long a resumed issuance may take.
const RESUMED_WITHIN: Duration = Duration::from_secs(20);

/// How it went.
pub struct Settled {
    /// Until it was ready again.
    pub ready: Duration,
    /// Until nothing was in flight: from then on where it was the only node,
    /// from the kill on where another one lived.
    pub sorted: Duration,
    /// What took too long or did not end.
    pub breaches: Vec<Breach>,
}

/// Brings the world to rest after the kill of `victim`.
pub async fn settle(world: &mut World, victim: usize, killed: Instant) -> Tried<Settled> {
    let ready = world.start_node(victim, &[]).await?;
    let mut breaches = Vec::new();
    if ready > READY_WITHIN {
        breaches.push(late("ready", format!("ready after {ready:?}")));
    }
    let began = Instant::now();
    while let Some(open) = in_flight(world).await? {
        if began.elapsed() > SORTED_WITHIN {
            let how = format!("after {:?} still {open:?}", began.elapsed());
            breaches.push(late("sorted", how));
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let sorted = match world.engine {
        Engine::Sqlite => began.elapsed(),
        Engine::Postgres => killed.elapsed(),
    };
    breaches.extend(go_on(world).await?);
    Ok(Settled {
        ready,
        sorted,
        breaches,
    })
}

fn late(invariant: &'static str, how: String) -> Breach {
    Breach { invariant, how }
}

async fn in_flight(world: &World) -> Tried<Option<Stored>> {
    let rows = stored(&world.deployed.database_url).await?;
    Ok(rows
        .into_iter()
        .find(|one| matches!(one.row.state.as_str(), "creating" | "finalizing")))
}

/// Every owner ends what is open, in the way its page offers.
async fn go_on(world: &World) -> Tried<Vec<Breach>> {
    let mut breaches = Vec::new();
    for open in stored(&world.deployed.database_url).await? {
        let owner = world.people.iter().find(|one| one.name == open.login);
        let owner = owner.ok_or_else(|| format!("nobody is {}", open.login))?;
        let has_code = open.row.code.is_some();
        let ended = match open.row.state.as_str() {
            "key_created" | "unknown" if has_code => resume(owner, &open.row.id).await,
            "unknown" => give_up(owner, &open.row.id).await,
            // "Nothing was sent": were that wrong, there would be two key pairs now.
            "draft" if open.submitted => send_again(owner, &open.row.id).await,
            _ => Ok(()),
        };
        if let Err(how) = ended {
            breaches.push(late("resumed", format!("{open:?}: {how}")));
        }
    }
    Ok(breaches)
}

async fn send_again(owner: &Visitor, id: &str) -> Tried<()> {
    be_signed_in(owner).await?;
    let path = format!("/issuances/{id}");
    let page = owner.visit(&path).await?;
    let check = page.attribute("main a[href$='/check']", "href");
    let check = check.ok_or_else(|| format!("no way on from {page:?}"))?;
    let last = owner.to_last_step(&check, &[]).await?;
    owner.submit(&last).await?;
    owner.settled(&path, RESUMED_WITHIN).await?;
    resume(owner, id).await
}

async fn resume(owner: &Visitor, id: &str) -> Tried<()> {
    let path = format!("/issuances/{id}");
    let until = Instant::now() + RESUMED_WITHIN;
    let mut page = owner.visit(&path).await?;
    while Instant::now() < until {
        if page.attribute("#state", "data-state").as_deref() == Some("issued") {
            return Ok(());
        }
        if !page.has("#signed-in-as") {
            be_signed_in(owner).await?;
        } else if page.has("main a[href^='/sign-in']") {
            // The tokens are gone with the node that refreshed them.
            owner.sign_in_at_redtrust().await?;
        }
        page = owner.visit(&path).await?;
        if page.has("form[action$='/resume']") {
            press(owner, &page, "form[action$='/resume']").await?;
            page = owner.settled(&path, RESUMED_WITHIN).await?;
        } else {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    Err(format!("it is not resumed: {page:?}"))
}

async fn give_up(owner: &Visitor, id: &str) -> Tried<()> {
    be_signed_in(owner).await?;
    let path = format!("/issuances/{id}");
    let page = owner.visit(&path).await?;
    let page = press(owner, &page, "form[action$='/abandon']").await?;
    match page.attribute("#state", "data-state").as_deref() {
        Some("abandoned") => Ok(()),
        _ => Err(format!("it is not given up: {page:?}")),
    }
}
