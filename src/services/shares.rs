//! Limits what may be under way at once: so much for each owner, so that nobody starves
//! the others, and so much in all, so that the server is not used up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A limit and what is taken of it.
#[derive(Debug, Clone)]
pub struct Shares {
    per_owner: usize,
    in_all: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_owner: HashMap<String, usize>,
}

/// Why there is nothing left to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsedUp {
    #[error("this owner has all that one may have")]
    Own,
    #[error("the owners together have all that there is")]
    All,
}

/// What somebody has taken; given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    shares: Shares,
    owner: String,
    amount: usize,
}

impl Shares {
    pub fn new(per_owner: usize, in_all: usize) -> Self {
        Self {
            per_owner,
            in_all,
            taken: Arc::default(),
        }
    }

    /// Takes `amount` for this owner: the id of a user or admin, or an address.
    pub fn take(&self, owner: &str, amount: usize) -> Result<Share, UsedUp> {
        let mut share = Share {
            shares: self.clone(),
            owner: owner.to_owned(),
            amount: 0,
        };
        share.grow(amount)?;
        Ok(share)
    }

    /// How much is taken by all together.
    pub fn in_use(&self) -> usize {
        self.taken().all
    }

    /// How much all may take together.
    pub const fn in_all(&self) -> usize {
        self.in_all
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Takes more, so that the share is `amount`; a share that is larger stays.
    pub fn grow(&mut self, amount: usize) -> Result<(), UsedUp> {
        let more = amount.saturating_sub(self.amount);
        if more == 0 {
            return Ok(());
        }
        let mut taken = self.shares.taken();
        let own = taken.by_owner.get(&self.owner).copied().unwrap_or_default();
        if own + more > self.shares.per_owner {
            return Err(UsedUp::Own);
        }
        if taken.all + more > self.shares.in_all {
            return Err(UsedUp::All);
        }
        taken.all += more;
        taken.by_owner.insert(self.owner.clone(), own + more);
        drop(taken);
        self.amount += more;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        taken.all = taken.all.saturating_sub(self.amount);
        let own = taken.by_owner.get(&self.owner).copied().unwrap_or_default();
        match own.saturating_sub(self.amount) {
            0 => {
                taken.by_owner.remove(&self.owner);
            }
            left => {
                taken.by_owner.insert(self.owner.clone(), left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i15_an_owner_has_a_share_and_gets_it_back() {
        let shares = Shares::new(3, 100);
        let mut taken: Vec<_> = (0..3).map(|_| shares.take("ana", 1).unwrap()).collect();
        assert_eq!(shares.take("ana", 1).unwrap_err(), UsedUp::Own);
        assert!(shares.take("eva", 1).is_ok());
        taken.pop();
        assert!(shares.take("ana", 1).is_ok());
        drop(taken);
        assert!(shares.taken().by_owner.is_empty());
        assert_eq!(shares.taken().all, 0);
    }

    #[test]
    fn i15_the_total_is_limited_too() {
        let shares = Shares::new(1, 10);
        let owners = (0..10).map(|owner| format!("owner {owner}"));
        let taken: Vec<_> = owners
            .map(|owner| shares.take(&owner, 1).unwrap())
            .collect();
        assert_eq!(shares.take("ana", 1).unwrap_err(), UsedUp::All);
        drop(taken);
        assert!(shares.take("ana", 1).is_ok());
    }

    #[test]
    fn i14_a_share_grows_up_to_the_limit_and_is_kept_when_it_may_not() {
        let shares = Shares::new(100, 150);
        let mut upload = shares.take("ana", 0).unwrap();
        assert_eq!(upload.grow(60), Ok(()));
        assert_eq!(upload.grow(50), Ok(()));
        assert_eq!(upload.grow(101), Err(UsedUp::Own));
        let other = shares.take("eva", 90).unwrap();
        assert_eq!(upload.grow(61), Err(UsedUp::All));
        drop(other);
        assert_eq!(upload.grow(100), Ok(()));
        drop(upload);
        assert_eq!(shares.taken().all, 0);
    }
}
