#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds disk.img in the current folder, with symbols beside it. Give the C compiler as $1.
set -e
cc=${1:-clang}
flags=(--target=x86_64-unknown-none-elf -std=c17 -O2 -g -ffreestanding -fno-pic -fno-stack-protector
       -mno-red-zone -Wall -Wextra "-ffile-prefix-map=$PWD/=")

nasm -f bin --before "[map symbols boot.map]" -l boot.lst -o boot.bin boot.asm
sed -nE "s/^ *([0-9A-F]+) +[0-9A-F]+ +([a-z_.0-9]+)$/\1 \2/p" boot.map >boot.sym

nasm -f elf64 -g -F dwarf -o entry.o entry.asm
"$cc" "${flags[@]}" -mgeneral-regs-only -c -o interrupts.o interrupts.c
"$cc" "${flags[@]}" -mgeneral-regs-only -c -o console.o console.c
"$cc" "${flags[@]}" -c -o main.o main.c
ld.lld -T kernel.ld -o kernel.elf entry.o interrupts.o console.o main.o
llvm-objcopy -O binary kernel.elf kernel.bin

cat boot.bin kernel.bin >disk.img
truncate -s 1440K disk.img
