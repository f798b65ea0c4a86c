//! Local accounts: roles, invitations, and what admins decide about accounts.

#[cfg(test)]
mod invitations;
#[cfg(test)]
mod officers;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod standing;
