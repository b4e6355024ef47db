# Starts programs one at a time and tells what the kernel accounts of each:
# wait4(2) gives the peak memory, which neither Node nor the shell hands on.
# perl-base is on every Debian, and this process is small, so that the fork
# before each program is cheap.
#
# In, a line a program: file for its input, file for its output, file for its
# errors, then its words, parted by NUL. Out, a line each: status as wait(2)
# has it, seconds from before the fork until it was waited for, seconds in
# user mode, seconds in the kernel, peak memory in KiB.
use strict;
use warnings;

chomp(my $machine = `uname -m`);
my %numbers = (x86_64 => [61, 228], aarch64 => [260, 113]); # wait4, clock_gettime
my ($wait4, $clock_gettime) = @{$numbers{$machine} // die "measure: no system call numbers for $machine\n"};
my $monotonic = 1;

sub now {
	my $time = pack 'q2';
	syscall($clock_gettime, $monotonic, $time) == 0 or die "measure: clock_gettime: $!\n";
	my ($seconds, $nanoseconds) = unpack 'q2', $time;
	return $seconds + $nanoseconds / 1e9;
}

$| = 1;
while (my $line = <STDIN>) {
	chomp $line;
	my ($input, $output, $errors, @words) = split /\0/, $line, -1;
	my ($status, $usage) = (pack('l'), "\0" x 144);
	my $start = now();
	my $process = fork() // die "measure: fork: $!\n";
	if ($process == 0) {
		open STDIN, '<', $input or die "measure: $input: $!\n";
		open STDOUT, '>', $output or die "measure: $output: $!\n";
		open STDERR, '>', $errors or die "measure: $errors: $!\n";
		exec { $words[0] } @words or die "$words[0]: $!\n";
	}
	syscall($wait4, $process, $status, 0, $usage) == $process or die "measure: wait4: $!\n";
	my $seconds = now() - $start;
	my ($user, $user_rest, $kernel, $kernel_rest, $peak) = unpack 'q5', $usage;
	printf "%d %.6f %.6f %.6f %d\n", unpack('l', $status), $seconds, $user + $user_rest / 1e6, $kernel + $kernel_rest / 1e6, $peak;
}
