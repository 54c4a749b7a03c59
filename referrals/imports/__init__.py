"""What referrals adds to the lists that a prison can bring: recipients with their plans, and a past year of visits."""
