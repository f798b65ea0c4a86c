//! Open issuances, and how their owners finish them with the buttons on their pages.

use std::time::{Duration, Instant};

use super::facts::{Stored, stored};
use super::judge::{Breach, breach};
use super::support::page::Page;
use super::support::visitor::{Tried, Visitor, form_of};
use super::world::World;

/// The time limit for a resumed issuance.
const RESUMED_WITHIN: Duration = Duration::from_secs(20);

/// The issuances to finish, once nothing is in flight.
pub async fn open(world: &World) -> Tried<Vec<Stored>> {
    let mut rows = stored(&world.deployed.database_url).await?;
    rows.retain(|one| match one.row.state.as_str() {
        "key_created" | "unknown" => true,
        "draft" => one.submitted,
        _ => false,
    });
    Ok(rows)
}

/// All owners finish all their open issuances.
pub async fn end_all(world: &World) -> Tried<Vec<Breach>> {
    let mut breaches = Vec::new();
    for one in open(world).await? {
        let owner = world.person(&one.login)?;
        if let Err(how) = end(owner, &one).await {
            breaches.push(breach("resumed", format!("{one:?}: {how}")));
        }
    }
    Ok(breaches)
}

/// The owner finishes one issuance.
pub async fn end(owner: &Visitor, one: &Stored) -> Tried<()> {
    be_signed_in(owner).await?;
    match one.row.state.as_str() {
        // The page says "nothing was sent"; if that were wrong, there would be two key
        // pairs now.
        "draft" => send_again(owner, &one.row.id).await,
        _ if one.row.code.is_some() => resume(owner, &one.row.id).await,
        _ => give_up(owner, &one.row.id).await,
    }
}

/// Signs in again if the session has ended.
pub async fn be_signed_in(person: &Visitor) -> Tried<()> {
    if person.visit("/").await?.has("#signed-in-as") {
        return Ok(());
    }
    person.sign_in().await.map(drop)
}

/// Whether the page shows the issuance in this state.
pub fn stands(page: &Page, state: &str) -> bool {
    page.attribute("#state", "data-state").as_deref() == Some(state)
}

async fn send_again(owner: &Visitor, id: &str) -> Tried<()> {
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
        if stands(&page, "issued") {
            return Ok(());
        }
        if !page.has("#signed-in-as") {
            be_signed_in(owner).await?;
        } else if page.has("main a[href^='/sign-in']") {
            // The tokens were lost with the node that refreshed them.
            owner.sign_in_at_redtrust().await?;
        }
        page = owner.visit(&path).await?;
        if page.has("form[action$='/resume']") {
            let form = form_of(&page, "form[action$='/resume']")?;
            owner.submit(&form).await?;
            page = owner.settled(&path, RESUMED_WITHIN).await?;
        } else {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    Err(format!("it is not resumed: {page:?}"))
}

async fn give_up(owner: &Visitor, id: &str) -> Tried<()> {
    let path = format!("/issuances/{id}");
    let page = owner.visit(&path).await?;
    let form = form_of(&page, "form[action$='/abandon']")?;
    let page = owner.submit(&form).await?;
    match stands(&page, "abandoned") {
        true => Ok(()),
        false => Err(format!("it is not given up: {page:?}")),
    }
}
