//! A run in the midst of which a node is killed: begun before, ended afterwards, and every
//! line of it judged.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::facts::{self, Line};
use super::judge::{Breach, breach};
use super::open::be_signed_in;
use super::support::page::Page;
use super::support::visitor::{Tried, form_of};
use super::world::World;

/// Holders of one file.
const HOLDERS: u32 = 12;

/// Time limit until a run has ended after a kill.
const ENDED_WITHIN: Duration = Duration::from_secs(90);

/// Starts a run: one that issues, or one that renews what was issued by such before.
pub async fn begin(world: &World) -> Tried<()> {
    let runner = &world.runner;
    be_signed_in(runner).await?;
    let page = runner.visit("/certificates").await?;
    let all = page.attributes("form#choose [name=thumbprint]", "value");
    let check = match all.is_empty() || world.kills.is_multiple_of(2) {
        true => upload(world).await?,
        false => {
            let form = form_of(&page, "form#choose")?;
            let all = all.iter();
            let form = all.fold(form, |form, one| form.push("thumbprint", one));
            runner.submit(&form).await?
        }
    };
    let form = form_of(&check, "form#step")?.set("confirm", "yes");
    let page = runner.submit(&form).await?;
    match page.has("#run-state") {
        true => Ok(()),
        false => Err(format!("no run was started: {page:?}")),
    }
}

async fn upload(world: &World) -> Tried<Page> {
    let first = world.names.fetch_add(HOLDERS, Ordering::SeqCst);
    let names = (first..first + HOLDERS).map(|number| format!("PERSON {number}\n"));
    let file = format!("common_name\n{}", names.collect::<String>());
    let page = world.runner.visit("/issue/many").await?;
    let form = form_of(&page, "form#step")?.set("kind", "name");
    let form = form.attach("holders_file", "holders.csv", file.as_bytes());
    world.runner.submit(&form).await
}

/// Waits until every run has ended, and judges the lines of all.
pub async fn end(world: &World) -> Tried<Vec<Breach>> {
    let url = &world.deployed.database_url;
    let until = Instant::now() + ENDED_WITHIN;
    loop {
        let open = facts::open_runs(url).await?;
        if open.is_empty() {
            break;
        }
        if Instant::now() > until {
            let how = format!("these runs never end: {open:?}");
            return Ok(vec![breach("run", how)]);
        }
        for (id, state) in open {
            if state == "paused" {
                go_on(world, &id).await?;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let lines = facts::lines(url).await?;
    let broken = lines.iter().filter(|line| !is_sound(line));
    let broken = broken.map(|line| {
        let how = format!("line {} of run {} is {line:?}", line.position, line.run);
        breach("run", how)
    });
    Ok(broken.collect())
}

/// The tokens may have been lost with the node that refreshed them.
async fn go_on(world: &World, id: &str) -> Tried<()> {
    world.runner.sign_in_at_redtrust().await?;
    let page = world.runner.visit(&format!("/runs/{id}")).await?;
    if let Some(form) = page.try_form("form#go_on") {
        world.runner.submit(&form).await?;
    }
    Ok(())
}

/// A line of a run that has ended was left out, or has an issuance that nobody else has.
fn is_sound(line: &Line) -> bool {
    match line.state.as_str() {
        "skipped" => true,
        "begun" => line.issuance.is_some() && line.lines_of_issuance == 1,
        _ => false,
    }
}
