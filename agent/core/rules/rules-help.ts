/** A file of rules to begin with: every form once, each with its meaning. */

export const RULES_HELP = `# Rules of lending: who may take which seats. One rule a line; # begins a comment.
#
# A product is written as its license writes it: NAME for all its seats, NAME/CLASS for those of
# one class, everything for all products. A rule is for user NAME, host NAME, application NAME,
# address RANGE, group NAME or everyone. In names * stands for any text and ? for one character;
# case does not matter. Put a name with blanks in "quotation marks".

# Groups: users, hosts, applications, addresses and other groups.
group seniors = user alice, user "Bob Miller"
group cad-team = group seniors, host ws-*, address 10.1.0.0/16, address fd00:1::/32
group lab = address 10.2.0.5-10.2.0.99, application acme-batch

# Keep seats free for somebody, of the class that they ask for. All reservations hold; where there
# are too few seats for all of them, an earlier line comes first. A seat that is held counts for one
# line only: of those that fit, the first that has room.
reserve 2 acme-cad for group cad-team
reserve 1 acme-cad/developer for user alice

# Keep somebody out. All exclusions hold.
exclude user mallory from acme-cad
exclude address 10.9.0.0/16 from everything

# At most so many seats: for all of them together, or for each user or host on its own.
# All limits hold.
limit 3 acme-cad for group lab
limit 1 acme-cad for each user
limit 2 acme-cad for each host in group cad-team

# Who may take a seat away from the network, for how long, and how many seats at a time together.
# The first line that fits decides. A product that no such line names may be borrowed by everyone
# as its license says; of one that is named, only those may borrow it whom a line names.
borrow acme-cad for group cad-team up to 7 days, at most 3 seats
borrow acme-sim for nobody

# Who leaves a seat idle for longer gives it up, after a warning. The first line that fits decides.
idle never acme-cad for user alice
idle 30 minutes acme-cad for everyone

# Who waits for a seat: higher comes first, -100 to 100, 0 without a line. The first line that fits
# decides.
priority 10 acme-cad for user boss
`;
